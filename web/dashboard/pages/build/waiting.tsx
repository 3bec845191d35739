import { GRAPH_HEIGHT, isGraphShown } from "@dashboard/agentic/graph-box";
import { projectsQuery } from "@dashboard/data/projects";
import { kindOf } from "@dashboard/parts/kinds";
import { useQuery } from "@tanstack/react-query";
import { cx } from "@ui/cx";
import { Loading, Skeleton, SkeletonRows } from "@ui/states";
import { t } from "@ui/words";
import { route } from "./route";

/** The place of what the address names, until it is there: a canvas, a list with a form, or a form alone. */
export function Waiting() {
  const { projectId, workflow } = route.useParams();
  const { tab } = route.useSearch();
  const { data } = useQuery(projectsQuery);
  const agentic = data?.find(each => each.id === projectId)?.framework === "agentic";
  const phases = agentic && !workflow && tab === "phases";
  const listed = kindOf(workflow) !== undefined || phases;
  return (
    <Loading what={t("the project")} className="flex h-full min-h-0 flex-col">
      <div className="flex h-10 shrink-0 items-center gap-2 border-line border-b bg-surface px-2">
        {["w-24", "w-20", "w-16", "w-20"].map((width, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they stay in their order
          <Skeleton key={index} className={`h-5 ${width}`} />
        ))}
      </div>
      {listed ? (
        <div className="flex min-h-0 flex-1">
          <div className="w-64 shrink-0 border-line border-e bg-surface p-2 max-md:w-full max-md:border-0">
            <SkeletonRows rows={5} className="h-12" />
          </div>
          <div className="flex-1 max-md:hidden">
            {phases && isGraphShown() && (
              <div className={cx(GRAPH_HEIGHT, "mt-9 border-line border-y bg-sunken")} />
            )}
            <Form />
          </div>
        </div>
      ) : agentic && !workflow ? (
        <Form />
      ) : (
        <div className="flex min-h-0 flex-1 items-center gap-24 overflow-hidden bg-sunken px-12 max-md:flex-col max-md:items-stretch max-md:gap-px max-md:bg-transparent max-md:p-2">
          {["a", "b", "c"].map(card => (
            <Skeleton key={card} className="h-28 w-60 shrink-0 max-md:h-10 max-md:w-full" />
          ))}
        </div>
      )}
    </Loading>
  );
}

/** A heading, and fields with their labels. */
function Form() {
  return (
    <div className="flex max-w-2xl flex-col gap-4 p-4">
      <Skeleton className="h-6 w-48" />
      {["h-8", "h-20", "h-8"].map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they stay in their order
        <div key={index} className="flex flex-col gap-1">
          <Skeleton className="h-5 w-24" />
          <Skeleton className={height} />
        </div>
      ))}
    </div>
  );
}

import { useCommands } from "@dashboard/commands";
import { runQuery, runsQuery } from "@dashboard/data/runs";
import { Page } from "@dashboard/frame/page";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState } from "@ui/states";
import { CalendarDays, List as ListIcon, Megaphone } from "lucide-react";
import { useRef } from "react";
import { Calendar } from "./calendar";
import { monthOf } from "./days";
import { route } from "./route";
import { RunPane } from "./run-pane";
import { Shelves } from "./shelves";
import { StartRun } from "./start-run";

/** Posts that pipelines wrote: looked at, approved, published. */
export default function OutboundPage() {
  const { projectId, run: runId } = route.useParams();
  const { show = "waiting", month } = route.useSearch();
  const navigate = route.useNavigate();
  const opened = useQuery({ ...runQuery(projectId, runId ?? ""), enabled: Boolean(runId) });
  useWalking(projectId, runId);
  return (
    <Page
      fill
      title="Approvals"
      api={`/api/v1/projects/${projectId}/runs${runId ? `/${runId}` : ""}`}
      item={runId && (opened.data?.pipelineName || "Run")}
      actions={
        <>
          <IconButton
            icon={month ? ListIcon : CalendarDays}
            label={month ? "Show as a list" : "Show as a calendar"}
            onClick={() =>
              navigate({
                params: { projectId, run: undefined },
                search: before => ({ ...before, month: month ? undefined : monthOf(new Date()) }),
              })
            }
          />
          <StartRun projectId={projectId} />
        </>
      }
    >
      {month ? (
        <Calendar projectId={projectId} month={month} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div
            className={cx(
              "flex w-full min-w-0 shrink-0 flex-col border-line bg-surface lg:w-80 lg:border-e",
              runId && "max-lg:hidden",
            )}
          >
            <h2 className="sr-only">Posts</h2>
            <Shelves projectId={projectId} show={show} opened={runId} />
          </div>
          {runId ? (
            <RunPane key={runId} projectId={projectId} runId={runId} />
          ) : (
            <div className="flex flex-1 items-center max-lg:hidden">
              <EmptyState icon={Megaphone} title="Open a post to read it and decide about it" />
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

/** `J` and `K` open the next and the former run of the list. */
function useWalking(projectId: string, runId: string | undefined): void {
  const { show = "waiting" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useInfiniteQuery(runsQuery(projectId, show === "all" ? undefined : show));
  const ids = data?.pages.flatMap(page => page.runs.map(each => each.id)) ?? [];
  const found = runId === undefined ? -1 : ids.indexOf(runId);
  // One that has left the list leaves its place: the next is whatever has come there.
  const place = useRef(-1);
  if (found >= 0) place.current = found;
  const walk = (step: 1 | -1) => {
    const from = found >= 0 ? found : step > 0 ? place.current - 1 : place.current;
    const next = ids[Math.max(0, runId === undefined ? 0 : from + step)];
    if (next && next !== runId)
      void navigate({
        params: { projectId, run: next },
        search: before => ({ ...before, month: undefined }),
      });
  };
  useCommands([
    { id: "run-next", label: "Next post", group: "Approvals", keys: "j", run: () => walk(1) },
    { id: "run-former", label: "Former post", group: "Approvals", keys: "k", run: () => walk(-1) },
  ]);
}

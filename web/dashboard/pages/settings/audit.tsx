import { api, sent } from "@client/api";
import { projectsQuery } from "@dashboard/data/projects";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { JsonView } from "@ui/code";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { Time } from "@ui/time";
import { ScrollText } from "lucide-react";
import type { Entry } from "./data";
import { Section } from "./section";

/** Who did what; nobody can change it. */
export function Audit() {
  const { data: projects = [] } = useQuery(projectsQuery);
  const audit = useInfiniteQuery({
    queryKey: ["audit"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const answer = await api.GET("/api/v1/audit", {
        params: { query: { limit: 50, cursor: pageParam } },
        signal,
      });
      return { entries: await sent(Promise.resolve(answer)), next: nextOf(answer.response) };
    },
    getNextPageParam: page => page.next,
  });
  const entries = audit.data?.pages.flatMap(page => page.entries) ?? [];
  const nameOf = (id: string | null) => projects.find(each => each.id === id)?.name ?? id;
  return (
    <Section title="Audit list" hint="Everything that members changed, the latest first.">
      {audit.isPending && (
        <Loading what="the audit list">
          <Skeleton className="h-64" />
        </Loading>
      )}
      {audit.isError && (
        <ErrorState
          title="Could not load the audit list."
          error={audit.error}
          onRetry={() => audit.refetch()}
        />
      )}
      {audit.isSuccess && entries.length === 0 && (
        <EmptyState icon={ScrollText} title="What members do is written down here" />
      )}
      {entries.length > 0 && (
        <ol className="flex flex-col rounded-card border border-line bg-surface">
          {entries.map(entry => (
            <li key={entry.id} className="border-line border-b px-4 py-1 last:border-b-0">
              <Line entry={entry} project={nameOf(entry.projectId)} />
            </li>
          ))}
        </ol>
      )}
      {audit.hasNextPage && (
        <Button className="self-start" busy={audit.isFetchingNextPage} onClick={() => audit.fetchNextPage()}>
          Show earlier
        </Button>
      )}
    </Section>
  );
}

function Line({ entry, project }: { readonly entry: Entry; readonly project: string | null }) {
  const { memberName, action, target, createdAt, before, after } = entry;
  const line = (
    <span className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-x-2 text-dense">
      <span className="font-medium">{memberName ?? "The server"}</span>
      <code>{action}</code>
      {target && <span className="truncate text-text-2">{target}</span>}
      {project && <span className="truncate text-text-2">in {project}</span>}
      <span className="ms-auto text-text-3">
        <Time at={createdAt} />
      </span>
    </span>
  );
  if (!before && !after) return line;
  return (
    <details>
      <summary className="cursor-pointer list-none rounded-control hover:bg-hover">{line}</summary>
      <div className="mb-2">
        {before && <JsonView name="before" value={before} />}
        {after && <JsonView name="after" value={after} />}
      </div>
    </details>
  );
}

/** Where the next page begins, by the `Link` header. */
function nextOf(response: Response): string | undefined {
  const found = /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  return found && decodeURIComponent(found);
}

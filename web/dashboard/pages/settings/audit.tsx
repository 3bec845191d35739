import { api, sent } from "@client/api";
import { projectsQuery } from "@dashboard/data/projects";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { JsonView } from "@ui/code";
import { EmptyState, ErrorState, Loading, SkeletonRows } from "@ui/states";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { ScrollText } from "lucide-react";
import { AuditChoice } from "./audit-filters";
import type { Entry } from "./data";
import { route } from "./route";
import { Section } from "./section";

/** Who did what; nobody can change it. */
export function Audit() {
  const { data: projects = [] } = useQuery(projectsQuery);
  const { member, action } = route.useSearch();
  const navigate = route.useNavigate();
  const filtered = Boolean(member || action);
  const audit = useInfiniteQuery({
    queryKey: ["audit", member, action],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const answer = await api.GET("/api/v1/audit", {
        params: { query: { limit: 50, cursor: pageParam, memberId: member, action } },
        signal,
      });
      return { entries: await sent(Promise.resolve(answer)), next: nextOf(answer.response) };
    },
    getNextPageParam: page => page.next,
  });
  const entries = audit.data?.pages.flatMap(page => page.entries) ?? [];
  const nameOf = (id: string | null) => projects.find(each => each.id === id)?.name ?? id;
  return (
    <Section title={t("Audit list")} hint={t("Everything that members changed, the latest first.")}>
      <AuditChoice
        filters={{ member, action }}
        onChange={next =>
          navigate({
            search: before => ({ ...before, member: next.member, action: next.action }),
            replace: true,
          })
        }
      />
      {audit.isPending && (
        <Loading what={t("the audit list")}>
          <SkeletonRows rows={8} />
        </Loading>
      )}
      {audit.isError && (
        <ErrorState
          title={t("Could not load the audit list.")}
          error={audit.error}
          onRetry={() => audit.refetch()}
        />
      )}
      {audit.isSuccess && entries.length === 0 && (
        <EmptyState
          icon={ScrollText}
          title={filtered ? t("Nothing of that was done") : t("What members do is written down here")}
        />
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
          {t("Show earlier")}
        </Button>
      )}
    </Section>
  );
}

function Line({ entry, project }: { readonly entry: Entry; readonly project: string | null }) {
  const { memberName, action, credential, target, createdAt, before, after } = entry;
  const who = memberName ?? (credential.startsWith("key:") ? t("A project key") : t("The server"));
  const name = nameIn(after) ?? nameIn(before) ?? (target && shortened(target));
  const line = (
    <span className="flex min-h-8 min-w-0 flex-1 items-start gap-x-3 py-1.5 text-dense">
      <span className="line-clamp-2 wrap-anywhere min-w-0 flex-1 text-text-2">
        <bdi className="font-medium text-text">{who}</bdi> <span title={action}>{said(action)}</span>{" "}
        {name && (
          <bdi title={target ?? undefined} className="text-text">
            {name}
          </bdi>
        )}
        {project && name !== project && (
          <>
            {t(" in ")}
            <bdi>{project}</bdi>
          </>
        )}
      </span>
      <span className="shrink-0 text-text-3">
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

/** `project.made` as "made project": it begins with whoever did it. */
const said = (action: string) => action.split(".").reverse().join(" ").replaceAll("_", " ");

function nameIn(facts: Entry["after"]): string | undefined {
  return typeof facts?.name === "string" && facts.name ? facts.name : undefined;
}

/** An id, of which the kind and the end tell it from others. */
const shortened = (id: string) => (id.length > 20 ? `${id.slice(0, 8)}…${id.slice(-4)}` : id);

/** Where the next page begins, by the `Link` header. */
function nextOf(response: Response): string | undefined {
  const found = /[?&]cursor=([^&>]+)[^>]*>; rel="next"/.exec(response.headers.get("Link") ?? "")?.[1];
  return found && decodeURIComponent(found);
}

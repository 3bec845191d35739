import { useNames } from "@dashboard/data/names";
import { Choice } from "@dashboard/work-list/chosen";
import { Called } from "@dashboard/work-list/list";
import { type Choices, useChoices } from "@dashboard/work-list/use-work";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { count, Time } from "@ui/time";
import { t } from "@ui/words";
import { MessagesSquare } from "lucide-react";
import { useMemo } from "react";
import { type Listed, transcriptsQuery } from "./data";
import { route, type TranscriptFilters } from "./route";
import { Together } from "./together";

/** The transcripts that the filters leave, most recent first. */
export function List({ projectId }: { readonly projectId: string }) {
  const { turn: _, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(transcriptsQuery(projectId, filters));
  const rows = useMemo(() => pages.data?.pages.flatMap(page => page.rows) ?? [], [pages.data]);
  const names = useNames(
    projectId,
    useMemo(() => rows.map(each => each.userId), [rows]),
  );
  const work = useChoices({
    what: "transcript",
    group: t("Transcripts"),
    list: JSON.stringify(filters),
    ids: rows.map(each => each.id),
    chooses: true,
  });
  if (pages.isPending) {
    return (
      <Loading what={t("transcripts")} className="flex flex-col gap-px">
        {["a", "b", "c", "d", "e"].map(row => (
          <Skeleton key={row} className="h-10" />
        ))}
      </Loading>
    );
  }
  if (pages.isError && rows.length === 0) {
    return (
      <ErrorState
        title={t("Could not load the transcripts.")}
        error={pages.error}
        onRetry={() => pages.refetch()}
      />
    );
  }
  if (rows.length === 0 && !pages.hasNextPage) return <Nothing projectId={projectId} filters={filters} />;
  return (
    <>
      {rows.length === 0 ? (
        <EmptyState icon={MessagesSquare} title={t("No recent conversation is like that")}>
          {t("Only the most recent ones were looked through.")}
        </EmptyState>
      ) : (
        <Table
          label={t("Transcripts")}
          rows={rows}
          columns={columns(projectId, work, names)}
          rowKey={each => each.id}
          onOpen={each =>
            navigate({ params: { projectId, transcriptId: each.id }, search: before => before })
          }
        />
      )}
      {pages.isFetchNextPageError && (
        <ErrorState
          title={t("Could not load more.")}
          error={pages.error}
          onRetry={() => pages.fetchNextPage()}
        />
      )}
      {pages.hasNextPage && !pages.isFetchNextPageError && (
        <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          {t("Show older transcripts")}
        </Button>
      )}
      {work.chosen.length > 0 && <Together projectId={projectId} rows={rows} work={work} />}
    </>
  );
}

function Nothing({
  projectId,
  filters,
}: {
  readonly projectId: string;
  readonly filters: TranscriptFilters;
}) {
  const navigate = route.useNavigate();
  const { include, ...narrowing } = filters;
  if (Object.values(narrowing).some(Boolean)) {
    return (
      <EmptyState
        icon={MessagesSquare}
        title={t("No conversation is like that")}
        actions={<Button onClick={() => navigate({ search: {} })}>{t("Clear filters")}</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={MessagesSquare}
      title={t("Conversations are here to read once people talk to the agent")}
      actions={
        <>
          <Link to="/p/$projectId/test" params={{ projectId }} className={buttonClass("primary")}>
            {t("Test the agent")}
          </Link>
          {!include && (
            <Button onClick={() => navigate({ search: { include: "dashboard" } })}>
              {t("Show tests from here")}
            </Button>
          )}
        </>
      }
    >
      {t("What you try out in the dashboard is left out unless you ask for it.")}
    </EmptyState>
  );
}

const columns = (projectId: string, work: Choices, names: ReadonlyMap<string, string>): Column<Listed>[] => [
  {
    id: "user",
    title: t("User"),
    cell: each => (
      <span className="flex items-center gap-1">
        <Choice id={each.id} name={each.userId} work={work} className="-ms-1.5" />
        <Link
          from={route.fullPath}
          to="."
          params={{ projectId, transcriptId: each.id }}
          search={before => before}
          title={each.userId}
          dir="auto"
          className="block min-w-6 truncate rounded-tag py-1 font-medium"
        >
          <Called id={each.userId} name={names.get(each.userId)} />
        </Link>
      </span>
    ),
  },
  {
    id: "outcome",
    title: t("Outcome"),
    width: "168px",
    minor: true,
    cell: each => <Outcome of={each} />,
  },
  {
    id: "platform",
    title: t("Channel"),
    width: "112px",
    minor: true,
    cell: each => <span className="text-text-2">{each.platform}</span>,
  },
  {
    id: "messages",
    title: t("Messages"),
    width: "88px",
    align: "end",
    cell: each => count(each.messageCount),
  },
  {
    id: "began",
    title: t("Began"),
    width: "128px",
    align: "end",
    cell: each => <Time at={each.startedAt} />,
  },
];

/** How a conversation came out; a dash where nothing says so. */
export function Outcome({ of: { resolved, escalated } }: { readonly of: Listed }) {
  if (!resolved && !escalated) return <span className="text-text-3">–</span>;
  return (
    <span className="flex gap-1">
      {resolved && <Badge tone="ok">{t("Resolved")}</Badge>}
      {escalated && <Badge tone="warn">{t("Escalated")}</Badge>}
    </span>
  );
}

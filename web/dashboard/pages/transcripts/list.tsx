import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { count, Time } from "@ui/time";
import { MessagesSquare } from "lucide-react";
import { type Listed, transcriptsQuery } from "./data";
import { route, type TranscriptFilters } from "./route";

/** The transcripts that the filters leave, most recent first. */
export function List({ projectId }: { readonly projectId: string }) {
  const { turn: _, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(transcriptsQuery(projectId, filters));
  const rows = pages.data?.pages.flatMap(page => page.rows) ?? [];
  if (pages.isPending) {
    return (
      <Loading what="transcripts" className="flex flex-col gap-px">
        {["a", "b", "c", "d", "e"].map(row => (
          <Skeleton key={row} className="h-10" />
        ))}
      </Loading>
    );
  }
  if (pages.isError && rows.length === 0) {
    return (
      <ErrorState
        title="Could not load the transcripts."
        error={pages.error}
        onRetry={() => pages.refetch()}
      />
    );
  }
  if (rows.length === 0) return <Nothing projectId={projectId} filters={filters} />;
  return (
    <>
      <Table
        label="Transcripts"
        rows={rows}
        columns={columns(projectId)}
        rowKey={each => each.id}
        onOpen={each => navigate({ params: { projectId, transcriptId: each.id }, search: before => before })}
      />
      {pages.isFetchNextPageError && (
        <ErrorState title="Could not load more." error={pages.error} onRetry={() => pages.fetchNextPage()} />
      )}
      {pages.hasNextPage && !pages.isFetchNextPageError && (
        <Button className="self-center" busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
          Show older transcripts
        </Button>
      )}
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
        title="No conversation is like that"
        actions={<Button onClick={() => navigate({ search: {} })}>Clear filters</Button>}
      />
    );
  }
  return (
    <EmptyState
      icon={MessagesSquare}
      title="Conversations are here to read once people talk to the agent"
      actions={
        <>
          <Link to="/p/$projectId/test" params={{ projectId }} className={buttonClass("primary")}>
            Test the agent
          </Link>
          {!include && (
            <Button onClick={() => navigate({ search: { include: "dashboard" } })}>
              Show tests from here
            </Button>
          )}
        </>
      }
    >
      What you try out in the dashboard is left out unless you ask for it.
    </EmptyState>
  );
}

const columns = (projectId: string): Column<Listed>[] => [
  {
    id: "user",
    title: "User",
    cell: each => (
      <Link
        from={route.fullPath}
        to="."
        params={{ projectId, transcriptId: each.id }}
        search={before => before}
        title={each.userId}
        dir="auto"
        className="block truncate rounded-tag py-1 font-medium"
      >
        {each.userId}
      </Link>
    ),
  },
  {
    id: "outcome",
    title: "Outcome",
    width: "168px",
    minor: true,
    cell: each => <Outcome of={each} />,
  },
  {
    id: "platform",
    title: "Platform",
    width: "112px",
    minor: true,
    cell: each => <span className="text-text-2">{each.platform}</span>,
  },
  { id: "messages", title: "Messages", width: "88px", align: "end", cell: each => count(each.messageCount) },
  { id: "began", title: "Began", width: "128px", align: "end", cell: each => <Time at={each.startedAt} /> },
];

/** How a conversation came out; a dash where nothing says so. */
export function Outcome({ of: { resolved, escalated } }: { readonly of: Listed }) {
  if (!resolved && !escalated) return <span className="text-text-3">–</span>;
  return (
    <span className="flex gap-1">
      {resolved && <Badge tone="ok">Resolved</Badge>}
      {escalated && <Badge tone="warn">Escalated</Badge>}
    </span>
  );
}

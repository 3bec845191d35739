import { type Run, runsQuery } from "@dashboard/data/runs";
import { targetName } from "@dashboard/data/targets";
import { useWaiting } from "@dashboard/live/waiting";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { count, Time } from "@ui/time";
import { Megaphone } from "lucide-react";
import { route, SHELVES, type Shelf } from "./route";
import { listed, moment, SHELF, STATUS } from "./words";

interface ShelvesProps {
  readonly projectId: string;
  readonly show: Shelf;
  readonly opened: string | undefined;
}

/** The runs by what became of them, and those of one kind. */
export function Shelves({ projectId, show, opened }: ShelvesProps) {
  const pages = useInfiniteQuery(runsQuery(projectId, show === "all" ? undefined : show));
  const waiting = useWaiting(state => state.outbound);
  const runs = pages.data?.pages.flatMap(page => page.runs) ?? [];
  return (
    <>
      <nav aria-label="Kinds of posts" className="shrink-0 border-line border-b p-2">
        <ul className="flex flex-wrap gap-1">
          {SHELVES.map(value => (
            <li key={value}>
              <Link
                from={route.fullPath}
                to="."
                params={before => before}
                search={{ show: value === "waiting" ? undefined : value }}
                aria-current={value === show ? "true" : undefined}
                className={cx(
                  "flex h-7 items-center gap-1 rounded-control px-2 text-dense hover:bg-hover coarse:h-10",
                  value === show ? "bg-hover font-medium text-text" : "text-text-2",
                )}
              >
                {SHELF[value].label}
                {value === "waiting" && waiting > 0 && (
                  <span className="text-accent-text tabular-nums">{count(waiting)}</span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <section aria-label="Posts" className="min-h-0 flex-1 overflow-y-auto">
        {pages.isPending && (
          <Loading what="posts" className="flex flex-col gap-px p-2">
            {["a", "b", "c", "d"].map(row => (
              <Skeleton key={row} className="h-20" />
            ))}
          </Loading>
        )}
        {pages.isError && runs.length === 0 && (
          <ErrorState
            className="m-2"
            title="Could not load the posts."
            error={pages.error}
            onRetry={() => pages.refetch()}
          />
        )}
        {pages.isSuccess && runs.length === 0 && <Nothing projectId={projectId} show={show} />}
        <ul>
          {runs.map(run => (
            <Row key={run.id} run={run} opened={run.id === opened} />
          ))}
        </ul>
        {pages.hasNextPage && (
          <div className="flex justify-center p-2">
            <Button dense busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
              Show older posts
            </Button>
          </div>
        )}
      </section>
    </>
  );
}

function Nothing({ projectId, show }: { readonly projectId: string; readonly show: Shelf }) {
  return (
    <EmptyState
      icon={Megaphone}
      title={SHELF[show].empty}
      actions={
        show === "waiting" && (
          <Link
            to="/p/$projectId/build/{-$workflow}"
            params={{ projectId, workflow: "pipelines" }}
            className={buttonClass()}
          >
            Show pipelines
          </Link>
        )
      }
    >
      {show === "waiting" &&
        "A pipeline writes on its schedule, or when you start a run. What it wrote comes here and goes nowhere before somebody says yes."}
    </EmptyState>
  );
}

function Row({ run, opened }: { readonly run: Run; readonly opened: boolean }) {
  const { label, tone } = STATUS[run.status];
  const to = listed(run.targets.map(each => targetName(each.connector)));
  return (
    <li className="border-line border-b">
      <Link
        from={route.fullPath}
        to="."
        params={before => ({ ...before, run: run.id })}
        search={before => before}
        aria-current={opened || undefined}
        className={cx(
          "flex flex-col gap-0.5 px-3 py-2 hover:bg-hover focus-visible:-outline-offset-2",
          opened && "bg-accent-soft",
        )}
      >
        <span className="flex items-baseline gap-2">
          <span dir="auto" title={run.pipelineName} className="min-w-0 flex-1 truncate font-medium text-body">
            {run.pipelineName || run.pipelineId}
          </span>
          <span className="text-caption text-text-3">
            <Time at={run.createdAt} />
          </span>
        </span>
        <span dir="auto" className="wrap-anywhere line-clamp-2 text-dense text-text-2">
          {run.text || run.problem || "–"}
        </span>
        <span className="flex flex-wrap items-center gap-1 text-caption text-text-2">
          <Badge tone={tone}>
            {run.status === "scheduled" && run.publishAt ? `Goes out ${moment(run.publishAt)}` : label}
          </Badge>
          {run.problems.length > 0 && <Badge tone="bad">Cannot go out as it is</Badge>}
          {to}
        </span>
      </Link>
    </li>
  );
}

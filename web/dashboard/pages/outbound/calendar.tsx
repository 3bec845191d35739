import { type Run, runsQuery } from "@dashboard/data/runs";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { type Day, dayOf, monthAfter, weeksOf } from "./days";
import { route } from "./route";
import { STATUS } from "./words";

const WEEKDAYS = [t("Mon"), t("Tue"), t("Wed"), t("Thu"), t("Fri"), t("Sat"), t("Sun")];

/** When a run counts: when it goes or went out, else when it began. */
const whenOf = (run: Run) => run.publishAt ?? run.createdAt;

/** The posts of a month, by the day on which they go or went out; on a narrow screen as a list of days. */
export function Calendar({ projectId, month }: { readonly projectId: string; readonly month: string }) {
  const all = useInfiniteQuery(runsQuery(projectId));
  const scheduled = useInfiniteQuery(runsQuery(projectId, "scheduled"));
  const navigate = route.useNavigate();
  const runs = [...(all.data?.pages ?? []), ...(scheduled.data?.pages ?? [])].flatMap(page => page.runs);
  const days = Map.groupBy(new Map(runs.map(run => [run.id, run])).values(), run =>
    dayOf(new Date(whenOf(run))),
  );
  const go = (many: number) =>
    navigate({ search: before => ({ ...before, month: monthAfter(month, many) }), replace: true });
  const name = new Date(`${month}-15T12:00`).toLocaleString("en", { month: "long", year: "numeric" });
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto p-4">
      <div className="mb-3 flex items-center gap-2">
        <h2 className="flex-1 font-semibold text-lead" aria-live="polite">
          {name}
        </h2>
        <IconButton icon={ChevronLeft} label={t("Month before")} onClick={() => go(-1)} />
        <IconButton icon={ChevronRight} label={t("Month after")} onClick={() => go(1)} />
      </div>
      {all.isPending && (
        <Loading what={t("posts")}>
          <Skeleton className="h-96" />
        </Loading>
      )}
      {all.isError && runs.length === 0 && (
        <ErrorState title={t("Could not load the posts.")} error={all.error} onRetry={() => all.refetch()} />
      )}
      {all.data && <Month month={month} days={days} />}
      {all.hasNextPage && (
        <Button
          className="mt-3 self-center"
          busy={all.isFetchingNextPage}
          onClick={() => all.fetchNextPage()}
        >
          {t("Show older posts")}
        </Button>
      )}
    </div>
  );
}

type Days = ReadonlyMap<string, readonly Run[]>;

function Month({ month, days }: { readonly month: string; readonly days: Days }) {
  const weeks = weeksOf(month);
  const busy = weeks.flat().filter(day => day.inMonth && days.has(day.date));
  return (
    <>
      <table className="w-full table-fixed border-collapse max-md:hidden" aria-label={t("Posts by day")}>
        <thead>
          <tr>
            {WEEKDAYS.map(weekday => (
              <th
                key={weekday}
                scope="col"
                className="h-8 px-2 text-start font-medium text-caption text-text-3"
              >
                {weekday}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {weeks.map(week => (
            <tr key={week[0]?.date}>
              {week.map(day => (
                <td
                  key={day.date}
                  className={cx(
                    "h-24 border border-line p-1 align-top",
                    day.inMonth ? "bg-surface" : "bg-sunken",
                  )}
                >
                  <DayNumber day={day} />
                  <Posts runs={days.get(day.date) ?? []} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <ul className="flex flex-col gap-3 md:hidden">
        {busy.length === 0 && (
          <li className="text-body text-text-2">{t("Nothing goes or went out in this month.")}</li>
        )}
        {busy.map(day => (
          <li key={day.date}>
            <h3 className="font-medium text-dense">
              {new Date(`${day.date}T12:00`).toLocaleDateString("en", {
                weekday: "long",
                day: "numeric",
                month: "long",
              })}
            </h3>
            <Posts runs={days.get(day.date) ?? []} />
          </li>
        ))}
      </ul>
    </>
  );
}

function DayNumber({ day: { date, inMonth } }: { readonly day: Day }) {
  const today = date === dayOf(new Date());
  return (
    <span
      aria-current={today ? "date" : undefined}
      className={cx(
        "inline-flex size-6 items-center justify-center rounded-pill text-caption tabular-nums",
        today ? "bg-accent text-on-accent" : inMonth ? "text-text-2" : "text-text-3",
      )}
    >
      {Number(date.slice(-2))}
    </span>
  );
}

function Posts({ runs }: { readonly runs: readonly Run[] }) {
  const sorted = runs.toSorted((one, other) => whenOf(one).localeCompare(whenOf(other)));
  return (
    <ul className="flex flex-col gap-px">
      {sorted.map(run => (
        <li key={run.id}>
          <Link
            from={route.fullPath}
            to="."
            params={before => ({ ...before, run: run.id })}
            search={{ show: "all" }}
            title={run.text ?? undefined}
            className="flex min-h-6 min-w-0 items-center gap-1 rounded-tag px-1 text-caption hover:bg-hover"
          >
            <span className="shrink-0 text-text-2 tabular-nums">
              {new Date(whenOf(run)).toLocaleTimeString("en", {
                hour: "2-digit",
                minute: "2-digit",
                hour12: false,
              })}
            </span>
            <span dir="auto" className="min-w-0 flex-1 truncate">
              {run.pipelineName || run.pipelineId}
            </span>
            <span className="md:hidden">
              <Badge tone={STATUS[run.status].tone}>{STATUS[run.status].label}</Badge>
            </span>
            <span className="sr-only max-md:hidden">{STATUS[run.status].label}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}

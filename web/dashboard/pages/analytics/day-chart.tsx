import type { Figures } from "@dashboard/data/analytics";
import { Select } from "@ui/select";
import { type Column, Table } from "@ui/table";
import { count } from "@ui/time";
import { t } from "@ui/words";
import { dollars, duration } from "./amounts";
import { type Measure, route } from "./route";

interface Day {
  readonly date: string;
  readonly value: number | null;
}

interface Shape {
  readonly label: string;
  readonly told: (value: number | null | undefined) => string;
}

const SHAPES: Record<Measure, Shape> = {
  conversations: { label: t("Conversations"), told: count },
  messages: { label: t("Messages"), told: count },
  cost: { label: t("Cost"), told: dollars },
  latency: { label: t("Latency, p95"), told: duration },
  failed: { label: t("Failed calls"), told: count },
};

const OPTIONS = (Object.keys(SHAPES) as Measure[]).map(value => ({ value, label: SHAPES[value].label }));

function daysOf({ dailyCounts, usage }: Figures, measure: Measure): readonly Day[] {
  const used = new Map(usage.byDay.map(each => [each.date, each]));
  const dates = [...new Set([...dailyCounts.map(each => each.date), ...used.keys()])].sort();
  const counts = new Map(dailyCounts.map(each => [each.date, each]));
  return dates.map(date => {
    const of = used.get(date);
    switch (measure) {
      case "cost":
        return { date, value: of?.costUsd ?? 0 };
      case "latency":
        return { date, value: of?.latencyMs.p95 ?? null };
      case "failed":
        return { date, value: of?.failedCalls ?? 0 };
      default:
        return { date, value: counts.get(date)?.[measure] ?? 0 };
    }
  });
}

/** One figure by the day, as bars and as a table. */
export function DayChart({ figures }: { readonly figures: Figures }) {
  const { measure = "conversations" } = route.useSearch();
  const navigate = route.useNavigate();
  const days = daysOf(figures, measure);
  const shape = SHAPES[measure];
  return (
    <section aria-labelledby="by-day" className="flex flex-col gap-3">
      <div className="flex flex-wrap items-center gap-3">
        <h2 id="by-day" className="flex-1 font-semibold text-lead">
          {t("By day")}
        </h2>
        <Select
          dense
          label={t("Figure by day")}
          className="max-w-44"
          value={measure}
          options={OPTIONS}
          onChange={next =>
            navigate({
              search: before => ({ ...before, measure: next === "conversations" ? undefined : next }),
              replace: true,
            })
          }
        />
      </div>
      {days.length > 0 && <Bars days={days} shape={shape} />}
      <details className="text-dense">
        <summary className="w-fit cursor-pointer rounded-tag py-1 text-text-2">
          {t("Show as a table")}
        </summary>
        <Table
          label={t("%{label} by day", { label: shape.label })}
          rows={days.toReversed()}
          columns={columns(shape)}
          rowKey={each => each.date}
        />
      </details>
    </section>
  );
}

const dates = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeZone: "UTC" });
/** A day of the project, which belongs to no time zone here. */
const said = (date: string) => dates.format(new Date(`${date}T00:00:00Z`));

const HEIGHT = 160;
const WIDTH = 1000;

function Bars({ days, shape }: { readonly days: readonly Day[]; readonly shape: Shape }) {
  const most = Math.max(...days.map(each => each.value ?? 0));
  const step = WIDTH / days.length;
  const width = Math.min(step * 0.75, 48);
  const first = days[0]?.date ?? "";
  const last = days.at(-1)?.date ?? "";
  return (
    <figure className="flex flex-col gap-1 rounded-card border border-line bg-surface p-4">
      <figcaption className="flex justify-between text-caption text-text-3 tabular-nums">
        <span>{shape.told(most)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-40 w-full border-line border-t border-b text-accent rtl:-scale-x-100"
        role="img"
        aria-label={t("%{label} by day, %{said} to %{said2}, %{told} at most", {
          label: shape.label,
          said: said(first),
          said2: said(last),
          told: shape.told(most),
        })}
      >
        {days.map((day, index) => {
          const height = most > 0 ? ((day.value ?? 0) / most) * HEIGHT : 0;
          return (
            <g key={day.date} className="group">
              <title>{`${said(day.date)}: ${shape.told(day.value)}`}</title>
              <rect
                x={index * step}
                y={0}
                width={step}
                height={HEIGHT}
                className="fill-transparent group-hover:fill-hover"
              />
              <rect
                x={index * step + (step - width) / 2}
                y={HEIGHT - Math.max(height, height > 0 ? 2 : 0)}
                width={width}
                height={Math.max(height, height > 0 ? 2 : 0)}
                fill="currentColor"
              />
            </g>
          );
        })}
      </svg>
      <p className="flex justify-between text-caption text-text-3 tabular-nums" aria-hidden="true">
        <span>{said(first)}</span>
        {days.length > 1 && <span>{said(last)}</span>}
      </p>
    </figure>
  );
}

const columns = (shape: Shape): Column<Day>[] => [
  { id: "date", title: t("Day"), cell: each => said(each.date) },
  { id: "value", title: shape.label, width: "160px", align: "end", cell: each => shape.told(each.value) },
];

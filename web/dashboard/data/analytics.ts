import { api, type Schema, sent } from "@client/api";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { t } from "@ui/words";

/** The last so many days, or all. */
export const RANGES = ["7", "30", "90", "365", "all"] as const;
export type Range = (typeof RANGES)[number];

export const RANGE_OPTIONS = RANGES.map(value => ({
  value,
  label:
    value === "all" ? t("Everything") : value === "365" ? t("Last year") : t("Last %{value} days", { value }),
}));

/** What is shown where nobody asked for another. */
export const USUAL: Range = "30";

export const asRange = (value: unknown): Range | undefined => RANGES.find(each => each === String(value));

export type Figures = Schema<"ToldFigures">;
export type FunnelStep = Schema<"FunnelStep">;
export type Question = Schema<"UnansweredQuestion">;
export type ModelUse = Schema<"ModelUsage">;

/** What is counted: from a day on, to today or to another day. */
export interface Counted {
  readonly from?: string;
  readonly to?: string;
  readonly include?: "dashboard";
}

const BASE = "/api/v1/projects/{projectId}/analytics";

export const figuresQuery = (projectId: string, query: Counted) =>
  queryOptions({
    queryKey: ["project", projectId, "figures", query],
    queryFn: ({ signal }) => sent(api.GET(BASE, { params: { path: { projectId }, query }, signal })),
    placeholderData: keepPreviousData,
  });

export const funnelQuery = (projectId: string, query: Counted) =>
  queryOptions({
    queryKey: ["project", projectId, "funnel", query],
    queryFn: ({ signal }) =>
      sent(api.GET(`${BASE}/funnel`, { params: { path: { projectId }, query }, signal })),
    placeholderData: keepPreviousData,
  });

export const unansweredQuery = (projectId: string, query: Counted) =>
  queryOptions({
    queryKey: ["project", projectId, "unanswered", query],
    queryFn: ({ signal }) =>
      sent(api.GET(`${BASE}/unanswered`, { params: { path: { projectId }, query }, signal })),
    placeholderData: keepPreviousData,
  });

/** The days of a range, and as many before them; of all there is nothing before. */
export function periods(range: Range, today = new Date()): { now: Counted; before?: Counted } {
  if (range === "all") return { now: {} };
  const days = Number(range);
  return {
    now: { from: dayBefore(today, days - 1) },
    before: { from: dayBefore(today, 2 * days - 1), to: dayBefore(today, days) },
  };
}

function dayBefore(today: Date, days: number): string {
  const day = new Date(today.getFullYear(), today.getMonth(), today.getDate() - days);
  const two = (part: number) => String(part).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

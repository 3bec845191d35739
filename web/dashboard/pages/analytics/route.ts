import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

/** The last so many days, or all. */
export const RANGES = ["7", "30", "90", "365", "all"] as const;
export type Range = (typeof RANGES)[number];

/** What the chart shows. */
export const MEASURES = ["conversations", "messages", "cost", "latency", "failed"] as const;
export type Measure = (typeof MEASURES)[number];

export interface AnalyticsSearch {
  /** Left out: 30 days. */
  readonly range?: Range;
  /** Also what was tried out here. */
  readonly include?: "dashboard";
  /** Left out: conversations. */
  readonly measure?: Measure;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "analytics",
  validateSearch: (search): AnalyticsSearch => ({
    range: RANGES.find(each => each === String(search.range)),
    include: search.include === "dashboard" ? "dashboard" : undefined,
    measure: MEASURES.find(each => each === search.measure),
  }),
  component: lazyRouteComponent(() => import("./page")),
});

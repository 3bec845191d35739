import { asRange, type Range } from "@dashboard/data/analytics";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

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
    range: asRange(search.range),
    include: search.include === "dashboard" ? "dashboard" : undefined,
    measure: MEASURES.find(each => each === search.measure),
  }),
  component: lazyRouteComponent(() => import("./page")),
});

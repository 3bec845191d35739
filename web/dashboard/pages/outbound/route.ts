import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

/** Runs by their status, or all of them. */
export const SHELVES = ["waiting", "scheduled", "published", "unknown", "failed", "rejected", "all"] as const;
export type Shelf = (typeof SHELVES)[number];

export interface OutboundSearch {
  /** Which runs are listed; left out: those that wait. */
  readonly show?: Shelf;
  /** The month that the calendar shows, as `2026-11`; left out: the list. */
  readonly month?: string;
  /** What the list is filtered by. */
  readonly find?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "outbound/{-$run}",
  validateSearch: (search): OutboundSearch => ({
    show: SHELVES.find(each => each === search.show),
    month: /^\d{4}-\d{2}$/.test(String(search.month)) ? String(search.month) : undefined,
    find: typeof search.find === "string" && search.find ? search.find : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

import type { Queue } from "@dashboard/data/inbox";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

const QUEUES = new Set<unknown>(["waiting", "mine", "all", "snoozed", "resolved"] satisfies Queue[]);

export interface InboxSearch {
  /** Which conversations are listed; left out: those that wait. */
  readonly queue?: Queue;
  /** Whether the details are open; left out: as there is room. */
  readonly details?: boolean;
  /** What the list is filtered by. */
  readonly find?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "inbox/{-$conversation}",
  validateSearch: (search): InboxSearch => ({
    queue: QUEUES.has(search.queue) ? (search.queue as Queue) : undefined,
    details: search.details === undefined ? undefined : String(search.details) === "true",
    find: typeof search.find === "string" && search.find ? search.find : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

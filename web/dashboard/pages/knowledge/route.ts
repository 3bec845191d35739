import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface KnowledgeSearch {
  readonly tab?: "gaps";
  readonly find?: string;
  /** The form that is open. */
  readonly add?: "text" | "web";
  /** The question that is tried; empty: the panel is open without one. */
  readonly ask?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "knowledge/{-$documentId}",
  validateSearch: (search): KnowledgeSearch => ({
    tab: search.tab === "gaps" ? "gaps" : undefined,
    find: typeof search.find === "string" && search.find ? search.find : undefined,
    add: search.add === "text" || search.add === "web" ? search.add : undefined,
    ask: typeof search.ask === "string" ? search.ask : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

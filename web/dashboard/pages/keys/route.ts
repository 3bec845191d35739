import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface KeysSearch {
  /** The form of a new key is open. */
  readonly new?: "secret" | "widget";
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "keys",
  validateSearch: (search): KeysSearch => ({
    new: search.new === "secret" || search.new === "widget" ? search.new : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

import { root } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface SignInSearch {
  readonly token?: string;
  /** Where to go afterwards: an address of the dashboard. */
  readonly next?: string;
}

export const route = createRoute({
  getParentRoute: () => root,
  path: "sign-in",
  validateSearch: (search): SignInSearch => ({
    token: typeof search.token === "string" ? search.token : undefined,
    next: typeof search.next === "string" && /^\/(?!\/)/.test(search.next) ? search.next : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

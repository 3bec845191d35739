import { root } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface SignInSearch {
  /** A one-time link's. */
  readonly token?: string;
  /** An invitation's. */
  readonly invitation?: string;
  /** Where to go afterwards: an address of the dashboard. */
  readonly next?: string;
  /** Why the identity provider's answer opened nothing. */
  readonly refused?: string;
}

export const route = createRoute({
  getParentRoute: () => root,
  path: "sign-in",
  validateSearch: (search): SignInSearch => ({
    token: typeof search.token === "string" ? search.token : undefined,
    invitation: typeof search.invitation === "string" ? search.invitation : undefined,
    next: typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? search.next : undefined,
    refused: typeof search.refused === "string" ? search.refused : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

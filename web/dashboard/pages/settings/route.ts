import { signedIn } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export const TABS = ["you", "tokens", "members", "audit"] as const;
export type Tab = (typeof TABS)[number];

export const route = createRoute({
  getParentRoute: () => signedIn,
  path: "settings",
  validateSearch: (search): { tab?: Tab } => ({ tab: TABS.find(tab => tab === search.tab) }),
  component: lazyRouteComponent(() => import("./page")),
});

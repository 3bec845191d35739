import { signedIn } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import type { AuditFilters } from "./data";

export const TABS = ["you", "tokens", "members", "audit"] as const;
export type Tab = (typeof TABS)[number];

export const route = createRoute({
  getParentRoute: () => signedIn,
  path: "settings",
  validateSearch: (search): { tab?: Tab } & AuditFilters => ({
    tab: TABS.find(tab => tab === search.tab),
    member: typeof search.member === "string" ? search.member : undefined,
    action: typeof search.action === "string" ? search.action : undefined,
  }),
  component: lazyRouteComponent(() => import("./page")),
});

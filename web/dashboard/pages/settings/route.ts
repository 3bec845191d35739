import { signedIn } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export const route = createRoute({
  getParentRoute: () => signedIn,
  path: "settings",
  component: lazyRouteComponent(() => import("./page")),
});

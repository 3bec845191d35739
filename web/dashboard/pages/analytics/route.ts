import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export const route = createRoute({
  getParentRoute: () => project,
  path: "analytics",
  component: lazyRouteComponent(() => import("./page")),
});

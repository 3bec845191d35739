import { documentQuery } from "@dashboard/data/projects";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export const route = createRoute({
  getParentRoute: () => project,
  path: "settings",
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(documentQuery(params.projectId)),
  component: lazyRouteComponent(() => import("./page")),
});

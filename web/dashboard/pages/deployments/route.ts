import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { deploymentsQuery } from "./data";

export interface DeploymentsSearch {
  /** The channel that is being set up. */
  readonly new?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "deployments/{-$deploymentId}",
  validateSearch: (search): DeploymentsSearch => ({
    new: typeof search.new === "string" ? search.new : undefined,
  }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(deploymentsQuery(params.projectId));
  },
  component: lazyRouteComponent(() => import("./page")),
});

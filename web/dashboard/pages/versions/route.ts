import { versionsQuery } from "@dashboard/data/projects";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface VersionsSearch {
  /** What the open version is compared with: a version's id, else the draft. */
  readonly compare?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "versions/{-$version}",
  validateSearch: (search): VersionsSearch => ({
    compare: typeof search.compare === "string" && search.compare ? search.compare : undefined,
  }),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(versionsQuery(params.projectId)),
  component: lazyRouteComponent(() => import("./page")),
});

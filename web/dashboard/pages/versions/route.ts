import { versionsQuery } from "@dashboard/data/projects";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface VersionsSearch {
  /** What the open version is compared with: a version's id, else the draft. */
  readonly compare?: string;
  /** Which change is shown on the canvas, from 0; left out: the list alone. */
  readonly at?: number;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "versions/{-$version}",
  validateSearch: (search): VersionsSearch => ({
    at: Number.isInteger(search.at) && Number(search.at) >= 0 ? Number(search.at) : undefined,
    compare: typeof search.compare === "string" && search.compare ? search.compare : undefined,
  }),
  loader: ({ context, params }) => void context.queryClient.prefetchQuery(versionsQuery(params.projectId)),
  component: lazyRouteComponent(() => import("./page")),
});

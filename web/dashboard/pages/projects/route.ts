import { projectsQuery } from "@dashboard/data/projects";
import { signedIn } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export const WAYS = ["template", "describe", "blank", "import"] as const;
export type Way = (typeof WAYS)[number];

export interface ProjectsSearch {
  /** The way to a new project that is open. */
  readonly new?: Way;
  readonly find?: string;
}

export const route = createRoute({
  getParentRoute: () => signedIn,
  path: "/",
  validateSearch: (search): ProjectsSearch => ({
    new: WAYS.find(way => way === search.new),
    find: typeof search.find === "string" && search.find ? search.find : undefined,
  }),
  loader: ({ context }) => void context.queryClient.prefetchQuery(projectsQuery),
  component: lazyRouteComponent(() => import("./page")),
});

import { documentQuery } from "@dashboard/data/projects";
import { schemaQuery } from "@dashboard/data/schema";
import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface BuildSearch {
  /** The step that is open. */
  readonly step?: string;
  /** The playground stands beside. */
  readonly test?: true;
  /** What of an agent is shown. */
  readonly tab?: string;
  /** The phase, variable, tool or the like that is open. */
  readonly item?: string;
}

export const route = createRoute({
  getParentRoute: () => project,
  path: "build/{-$workflow}",
  validateSearch: (search): BuildSearch => ({
    step: typeof search.step === "string" && search.step ? search.step : undefined,
    test: search.test === true || search.test === "true" ? true : undefined,
    tab: typeof search.tab === "string" && search.tab ? search.tab : undefined,
    item: typeof search.item === "string" && search.item ? search.item : undefined,
  }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(documentQuery(params.projectId));
    void context.queryClient.prefetchQuery(schemaQuery);
  },
  component: lazyRouteComponent(() => import("./page")),
});

import { asRange, type Range, USUAL } from "@dashboard/data/analytics";
import { documentQuery } from "@dashboard/data/projects";
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
  /** The turn whose path is drawn, and whose it was. */
  readonly user?: string;
  readonly turn?: string;
  /** Where people stayed in so many days is drawn on the steps. */
  readonly funnel?: Range;
}

const asText = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const route = createRoute({
  getParentRoute: () => project,
  path: "build/{-$workflow}",
  validateSearch: (search): BuildSearch => ({
    step: asText(search.step),
    test: search.test === true || search.test === "true" ? true : undefined,
    tab: asText(search.tab),
    item: asText(search.item),
    user: asText(search.user),
    turn: asText(search.turn),
    funnel: search.funnel === undefined ? undefined : (asRange(search.funnel) ?? USUAL),
  }),
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(documentQuery(params.projectId));
  },
  component: lazyRouteComponent(() => import("./page")),
});

import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

export interface TestSearch {
  /** The transcript, and the turn of it, that is gone on from. */
  readonly transcript?: string;
  readonly turn?: string;
  /** The conversation tests in place of the playground. */
  readonly view?: "tests";
  /** The test that is open. */
  readonly item?: string;
}

const asText = (value: unknown) => (typeof value === "string" && value ? value : undefined);

export const route = createRoute({
  getParentRoute: () => project,
  path: "test",
  validateSearch: (search): TestSearch => ({
    transcript: asText(search.transcript),
    turn: asText(search.turn),
    view: search.view === "tests" ? "tests" : undefined,
    item: asText(search.item),
  }),
  component: lazyRouteComponent(() => import("./page")),
});

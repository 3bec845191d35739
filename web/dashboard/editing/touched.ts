import type { ProjectDocument } from "@dashboard/data/projects";
import type { Workflow } from "./flow";
import { equal } from "./merge";
import { notesOf } from "./notes";

export interface Touched {
  readonly workflowId: string;
  /** The steps and notes that are different and still there; where only a connection is: the one it comes from. */
  readonly stepIds: readonly string[];
}

/** Where two documents differ first: what was changed, for whoever wants to see it. */
export function touched(before: ProjectDocument, after: ProjectDocument): Touched | undefined {
  for (const workflow of after.workflows) {
    const was = before.workflows.find(each => each.id === workflow.id);
    if (was === workflow || (was && equal(was, workflow))) continue;
    return { workflowId: workflow.id, stepIds: was ? changedSteps(was, workflow) : [] };
  }
  return undefined;
}

/** What of a list is different or new first, else is in another's place. */
export function firstChanged<Item>(
  before: readonly Item[],
  after: readonly Item[],
  idOf: (item: Item) => string,
): Item | undefined {
  const known = new Map(before.map(each => [idOf(each), each]));
  const changed = after.find(each => !equal(known.get(idOf(each)), each));
  if (changed || before.length !== after.length) return changed;
  return after.find((each, at) => idOf(before[at] as Item) !== idOf(each));
}

function changedSteps(was: Workflow, now: Workflow): string[] {
  const all = (workflow: Workflow) => [...workflow.steps, ...notesOf(workflow)];
  const known = new Map<string, unknown>(all(was).map(each => [each.id, each]));
  const steps = all(now)
    .filter(each => !equal(known.get(each.id), each))
    .map(each => each.id);
  if (steps.length > 0) return steps;
  const ends = (one: Workflow, other: Workflow) =>
    one.connections
      .filter(each => !other.connections.some(that => equal(that, each)))
      .map(each => each.source);
  const sources = new Set([...ends(now, was), ...ends(was, now)]);
  return now.steps.filter(each => sources.has(each.id)).map(each => each.id);
}

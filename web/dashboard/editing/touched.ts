import type { ProjectDocument } from "@dashboard/data/projects";
import type { Step, Workflow } from "./flow";
import { equal } from "./merge";

export interface Touched {
  readonly workflowId: string;
  /** The steps that are different and still there; where only a connection is: the one it comes from. */
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

function changedSteps(was: Workflow, now: Workflow): string[] {
  const known = new Map<string, Step>(was.steps.map(each => [each.id, each]));
  const steps = now.steps.filter(each => !equal(known.get(each.id), each)).map(each => each.id);
  if (steps.length > 0) return steps;
  const ends = (one: Workflow, other: Workflow) =>
    one.connections
      .filter(each => !other.connections.some(that => equal(that, each)))
      .map(each => each.source);
  const sources = new Set([...ends(now, was), ...ends(was, now)]);
  return now.steps.filter(each => sources.has(each.id)).map(each => each.id);
}

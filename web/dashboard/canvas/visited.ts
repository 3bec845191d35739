import type { Turn } from "@client/traces";
import type { Workflow } from "../editing/flow";

/** A step that was come by, and the port that it went on by. */
interface Came {
  readonly workflowId?: unknown;
  readonly stepId?: unknown;
  readonly port?: unknown;
}

/** The path of a turn, as its traces tell it. */
export function pathOf(turn: Turn | undefined): readonly Came[] {
  return (turn?.traces ?? []).filter(each => each.type === "step").map(each => each.payload);
}

/** The steps and connections of a path, as far as they are in this workflow. */
export function visitedOn(path: readonly Came[], workflow: Workflow | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  for (const came of path) {
    if (!workflow || came.workflowId !== workflow.id) continue;
    const stepId = String(came.stepId);
    found.add(stepId);
    const taken = workflow.connections.find(each => each.source === stepId && each.sourcePort === came.port);
    if (taken) found.add(taken.id);
  }
  return found;
}

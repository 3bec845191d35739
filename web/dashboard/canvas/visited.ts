import type { Turn } from "@client/traces";
import type { Workflow } from "../editing/flow";

/** The steps and connections that a turn took, as far as they are in this workflow. */
export function visitedIn(turn: Turn | undefined, workflow: Workflow | undefined): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { type, payload } of turn?.traces ?? []) {
    if (!workflow || type !== "step" || payload["workflowId"] !== workflow.id) continue;
    const stepId = String(payload["stepId"]);
    found.add(stepId);
    const taken = workflow.connections.find(
      each => each.source === stepId && each.sourcePort === payload["port"],
    );
    if (taken) found.add(taken.id);
  }
  return found;
}

import type { ProjectDocument } from "@dashboard/data/projects";
import { inWorkflow, type Step, type Workflow, without } from "./flow";
import { type Clash, put } from "./merge";

/** Where a clash is about a whole step, which one removed and the other changed. */
function stepOf({ path, mine, theirs }: Clash): { workflowId: string; stepId: string } | undefined {
  const [part, workflowId, list, stepId, ...rest] = path;
  const isStep = part === "workflows" && list === "steps" && rest.length === 0;
  if (!isStep || (mine !== undefined && theirs !== undefined)) return undefined;
  return { workflowId: String(workflowId), stepId: String(stepId) };
}

/** The document in which each step that was kept from a removal has its connections of before again. */
export function reconnected(
  document: ProjectDocument,
  before: ProjectDocument,
  clashes: readonly Clash[],
): ProjectDocument {
  return clashes.reduce((now, clash) => {
    const place = stepOf(clash);
    const was = before.workflows.find(each => each.id === place?.workflowId);
    if (!place || !was) return now;
    return inWorkflow(now, was.id, workflow => withConnectionsOf(place.stepId, workflow, was));
  }, document);
}

function withConnectionsOf(stepId: string, workflow: Workflow, was: Workflow): Workflow {
  const there = new Set(workflow.steps.map(each => each.id));
  const lost = was.connections.filter(
    each =>
      (each.source === stepId || each.target === stepId) &&
      there.has(each.source) &&
      there.has(each.target) &&
      !workflow.connections.some(
        other => other.source === each.source && other.sourcePort === each.sourcePort,
      ),
  );
  return lost.length === 0 ? workflow : { ...workflow, connections: [...workflow.connections, ...lost] };
}

/** The document with one side of a clash in it; a step that goes takes its connections along, one that is gone comes back. */
export function chosen(document: ProjectDocument, clash: Clash, value: unknown): ProjectDocument {
  const place = stepOf(clash);
  if (!place) return put(document, clash.path, value);
  return inWorkflow(document, place.workflowId, workflow => {
    const others = without(workflow, new Set([place.stepId]));
    if (value === undefined) return others;
    const isThere = workflow.steps.some(each => each.id === place.stepId);
    return isThere ? workflow : { ...workflow, steps: [...workflow.steps, value as Step] };
  });
}

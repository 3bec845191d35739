import type { StepType } from "../data/schema";
import { portsOf, type Step, type Workflow } from "../editing/flow";
import type { Loose } from "./canvas";
import type { FlowActions } from "./flow-actions";

/** Where a new step stands: beside the one that is chosen, else behind the last one. */
export function beside(step: Step | undefined, workflow: Workflow | undefined): { x: number; y: number } {
  const steps = workflow?.steps ?? [];
  const place = step?.position ?? {
    x: Math.max(0, ...steps.map(each => each.position.x)),
    y: steps[0]?.position.y ?? 0,
  };
  const free = { x: place.x + 320, y: place.y };
  const taken = () =>
    steps.some(each => Math.abs(each.position.x - free.x) < 248 && Math.abs(each.position.y - free.y) < 88);
  while (taken()) free.y += 96;
  return free;
}

/** The first way out of a step that leads nowhere. */
export function openPort(
  step: Step | undefined,
  actions: FlowActions,
  types: ReadonlyMap<string, StepType>,
): Pick<Loose, "stepId" | "port"> | undefined {
  if (!step) return undefined;
  const used = new Set(
    actions.workflow?.connections.filter(each => each.source === step.id).map(each => each.sourcePort),
  );
  const port = portsOf(step, types.get(step.type)).find(each => !used.has(each.id));
  return port && { stepId: step.id, port: port.id };
}

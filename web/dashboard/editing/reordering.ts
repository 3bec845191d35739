import { t } from "@ui/words";
import { nameOf, newId, type Workflow } from "./flow";

/** The workflow with a step one place earlier on its way; or why that cannot be. */
export function earlier(workflow: Workflow, id: string): Workflow | string {
  const step = workflow.steps.find(each => each.id === id);
  const into = workflow.connections.filter(each => each.target === id);
  const out = workflow.connections.filter(each => each.source === id);
  const [way] = into;
  const before = workflow.steps.find(each => each.id === way?.source);
  if (!step || !way || !before) return t("Nothing leads to it.");
  if (into.length > 1) return t("Several ways lead to %{step}.", { step: nameOf(step) });
  if (before.type === "start") return t("%{step} comes first already.", { step: nameOf(step) });
  if (before.id === id) return t("%{step} follows itself.", { step: nameOf(step) });
  if (out.length > 1) return t("%{step} leads to several steps.", { step: nameOf(step) });
  const [on] = out;
  const kept = workflow.connections.filter(each => each !== way && each !== on);
  const connections = kept.map(each => (each.target === before.id ? { ...each, target: id } : each));
  connections.push({ id: newId("con"), source: id, sourcePort: on?.sourcePort ?? "next", target: before.id });
  if (on) connections.push({ ...way, target: on.target === before.id ? id : on.target });
  const places = new Map([
    [id, before.position],
    [before.id, step.position],
  ]);
  const steps = workflow.steps.map(each => ({ ...each, position: places.get(each.id) ?? each.position }));
  return { ...workflow, steps, connections };
}

/** The workflow with a step one place later on its way; or why that cannot be. */
export function later(workflow: Workflow, id: string): Workflow | string {
  const step = workflow.steps.find(each => each.id === id);
  const out = workflow.connections.filter(each => each.source === id);
  const [on] = out;
  if (!step || step.type === "start") return t("A workflow begins with its start.");
  if (!on) return t("%{step} leads nowhere.", { step: nameOf(step) });
  if (out.length > 1) return t("%{step} leads to several steps.", { step: nameOf(step) });
  return earlier(workflow, on.target);
}

import { t } from "@ui/words";
import { nameOf, type StepType, type Workflow } from "./flow";

/** Why a way out of a step cannot lead to another; `undefined`: it can. */
export function refusal(
  workflow: Workflow,
  types: ReadonlyMap<string, StepType>,
  from: { readonly stepId: string; readonly port: string },
  targetId: string,
): string | undefined {
  const target = workflow.steps.find(each => each.id === targetId);
  if (!target) return t("The step is gone.");
  if (target.type === "start") return t("The workflow begins here: nothing leads to it.");
  if (target.id === from.stepId && types.get(target.type)?.waits !== true)
    return t("%{target} would follow itself for ever: it waits for nobody.", { target: nameOf(target) });
  const held = workflow.connections.find(
    each => each.source === from.stepId && each.sourcePort === from.port,
  );
  return held?.target === targetId ? t("It leads there already.") : undefined;
}

/** Whether a step of the type can stand behind a way out; with `between`, also before what that leads to now. */
export function canFollow(type: StepType, between: boolean): boolean {
  if (type.type === "start") return false;
  const count = (key: "from" | "fixed") => {
    const names = type.ports[key];
    return Array.isArray(names) ? names.length : 0;
  };
  return !between || count("from") + count("fixed") > 0;
}

import type { ProjectDocument } from "@dashboard/data/projects";
import { nameOf } from "@dashboard/editing/flow";
import { t } from "@ui/words";
import { idOf, type Kind, labelOf, type Part } from "./kinds";

/** Something that names a part. */
export interface Use {
  readonly label: string;
  readonly workflowId?: string;
  readonly stepId?: string;
  readonly part?: { readonly kind: Kind; readonly id: string };
}

/** Where a text stands: the name of the field that holds it, or holds the list that it is in. */
type Swap = (text: string, field: string) => string;

const NAMES = new Set(["variable", "saveTo", "itemVariable", "collects", "snapshotKeys"]);
const EXPRESSIONS = new Set(["expression"]);

/** The value with its texts swapped; the same object where nothing changed. */
export function swapped<Value>(value: Value, swap: Swap, field = ""): Value {
  if (typeof value === "string") return swap(value, field) as Value;
  if (Array.isArray(value)) {
    const next = value.map(each => swapped(each, swap, field));
    return (next.every((each, index) => each === value[index]) ? value : next) as Value;
  }
  if (typeof value !== "object" || value === null) return value;
  const before = Object.entries(value);
  const after = before.map(([name, each]): [string, unknown] => [
    // The names of variables that a result is kept in.
    field === "outputs" ? swap(name, "variable") : name,
    swapped(each, swap, name),
  ]);
  const same = after.every(
    ([name, each], index) => name === before[index]?.[0] && each === before[index]?.[1],
  );
  return same ? value : (Object.fromEntries(after) as Value);
}

/** Puts another variable in the place of one, wherever it is named. */
export function swapVariable(from: string, to: string): Swap {
  const escaped = from.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const word = new RegExp(`(?<![\\w.'"])${escaped}(?!\\w)`, "g");
  const first = new RegExp(`^${escaped}(?![\\w])`);
  const put = () => to;
  return (text, field) => {
    if (NAMES.has(field)) return text.replace(first, put);
    if (EXPRESSIONS.has(field)) return text.replace(word, put);
    return text.replace(/\{\{.*?\}\}/gs, inside => inside.replace(word, put));
  };
}

const FIELDS: Partial<Record<Kind, ReadonlySet<string>>> = {
  tools: new Set(["toolId", "toolIds", "allowedToolIds"]),
  playbooks: new Set(["playbookId", "playbookIds", "allowedPlaybookIds"]),
};

/** Whether a value names the part. */
function finder(kind: Kind, id: string): (value: unknown) => boolean {
  const fields = FIELDS[kind];
  const gone = "\u0000";
  const secret = new RegExp(`\\bsecrets\\.${id}(?!\\w)`);
  const swap: Swap =
    kind === "variables"
      ? swapVariable(id, gone)
      : (text, field) =>
          (kind === "secrets" ? secret.test(text) : fields?.has(field) && text === id) ? gone : text;
  return value => swapped(value, swap) !== value;
}

/** Where a part of the project is named: steps first. */
export function usesOf(document: ProjectDocument, kind: Kind, id: string): Use[] {
  const names = finder(kind, id);
  const uses: Use[] = [];
  for (const workflow of document.workflows) {
    for (const step of workflow.steps) {
      if (!names(step.config)) continue;
      const label = `${workflow.name || workflow.id}: ${nameOf(step)}`;
      uses.push({ label, workflowId: workflow.id, stepId: step.id });
    }
  }
  for (const of of ["tools", "playbooks", "pipelines"] as const) {
    for (const part of document[of] as readonly Part[]) {
      if ((of === kind && idOf(part) === id) || !names(part)) continue;
      uses.push({ label: labelOf(part), part: { kind: of, id: idOf(part) } });
    }
  }
  if (names(document.behaviourConfig)) uses.push({ label: t("Agent") });
  return uses;
}

/** The document with a variable called otherwise, and all that names it. */
export function renamed(document: ProjectDocument, from: string, to: string): ProjectDocument {
  const swap = swapVariable(from, to);
  return {
    ...document,
    variables: document.variables.map(each => (each.name === from ? { ...each, name: to } : each)),
    workflows: document.workflows.map(flow => ({
      ...flow,
      steps: flow.steps.map(step => ({ ...step, config: swapped(step.config, swap) })),
    })),
    tools: swapped(document.tools, swap),
    playbooks: swapped(document.playbooks, swap),
    behaviourConfig: swapped(document.behaviourConfig, swap),
  };
}

/** "Used in 4 steps". */
export function countedUses(uses: readonly Use[]): string {
  const steps = uses.filter(each => each.stepId).length;
  const others = uses.length - steps;
  const parts = [
    steps && (steps === 1 ? t("1 step") : t("%{steps} steps", { steps })),
    others && (others === 1 ? t("1 other place") : t("%{others} other places", { others })),
  ].filter(Boolean);
  return parts.length ? t("Used in %{join}", { join: parts.join(t(" and ")) }) : t("Used nowhere yet");
}

import type { ProjectDocument } from "@dashboard/data/projects";
import { nameOf } from "@dashboard/editing/flow";
import { inConfig, namesIn, type Shape, TEXTS } from "@dashboard/editing/naming";
import { partShape, type Shapes, TEST } from "@dashboard/editing/shapes";
import { t } from "@ui/words";
import { idOf, type Kind, labelOf, type Part } from "./kinds";

/** Something that names a part. */
export interface Use {
  readonly label: string;
  readonly workflowId?: string;
  readonly stepId?: string;
  readonly part?: { readonly kind: Kind; readonly id: string };
  readonly testId?: string;
}

const FIELDS: Partial<Record<Kind, ReadonlySet<string>>> = {
  tools: new Set(["toolId", "toolIds", "allowedToolIds"]),
  playbooks: new Set(["playbookId", "playbookIds", "allowedPlaybookIds"]),
};

/** Whether a text of a value is one of those looked for; `field`: what holds it, or holds the list that it is in. */
function has(value: unknown, is: (text: string, field: string) => boolean, field = ""): boolean {
  if (typeof value === "string") return is(value, field);
  if (Array.isArray(value)) return value.some(each => has(each, is, field));
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, each]) => has(each, is, name));
}

/** Whether a value of such a shape names the part. */
function finder(kind: Kind, id: string): (value: unknown, shape?: Shape) => boolean {
  if (kind === "variables") return (value, shape) => namesIn(value, shape).has(id);
  if (kind === "secrets") {
    const secret = new RegExp(`\\bsecrets\\.${id}(?!\\w)`);
    return value => has(value, text => secret.test(text));
  }
  return value => has(value, (text, field) => text === id && FIELDS[kind]?.has(field) === true);
}

const SHAPED = ["tools", "playbooks", "pipelines"] as const;

/** Where a part of the project is named: steps first. */
export function usesOf(document: ProjectDocument, kind: Kind, id: string, shapes: Shapes): Use[] {
  const names = finder(kind, id);
  const uses: Use[] = [];
  for (const workflow of document.workflows) {
    for (const step of workflow.steps) {
      if (!names(step.config, shapes.steps.get(step.type))) continue;
      const label = `${workflow.name || workflow.id}: ${nameOf(step)}`;
      uses.push({ label, workflowId: workflow.id, stepId: step.id });
    }
  }
  for (const of of SHAPED) {
    for (const part of document[of] as readonly Part[]) {
      if ((of === kind && idOf(part) === id) || !names(part, partShape(of, part, shapes))) continue;
      uses.push({ label: labelOf(part), part: { kind: of, id: idOf(part) } });
    }
  }
  if (names(document.behaviourConfig) || names(document.prompts, TEXTS)) uses.push({ label: t("Agent") });
  for (const test of document.tests)
    if (names(test, TEST)) uses.push({ label: test.name || test.id, testId: test.id });
  return uses;
}

/** The document with a variable called otherwise, and all that names it; what code does with it stays. */
export function renamed(
  document: ProjectDocument,
  from: string,
  to: string,
  shapes: Shapes,
): ProjectDocument {
  const rename = (name: string) => (name === from ? to : name);
  const parts = <Of extends object>(of: (typeof SHAPED)[number], list: readonly Of[]): Of[] =>
    list.map(each => inConfig(each, rename, partShape(of, each, shapes)));
  return {
    ...document,
    variables: document.variables.map(each => (each.name === from ? { ...each, name: to } : each)),
    workflows: document.workflows.map(flow => ({
      ...flow,
      steps: flow.steps.map(step => ({
        ...step,
        config: inConfig(step.config, rename, shapes.steps.get(step.type)),
      })),
    })),
    tools: parts("tools", document.tools),
    playbooks: parts("playbooks", document.playbooks),
    pipelines: parts("pipelines", document.pipelines),
    tests: document.tests.map(each => inConfig(each, rename, TEST)),
    behaviourConfig: inConfig(document.behaviourConfig, rename),
    ...(document.prompts && { prompts: inConfig(document.prompts, rename, TEXTS) }),
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

import type { ProjectDocument } from "@dashboard/data/projects";
import { nameOf } from "./flow";

/** One text of a step in which the words stand, before and after they are replaced. */
export interface Replacement {
  /** Unlike any other's. */
  readonly key: string;
  readonly workflowId: string;
  readonly stepId: string;
  readonly stepName: string;
  /** Where it stands in the step, as `config.buttons.0.label`. */
  readonly path: readonly (string | number)[];
  readonly before: string;
  readonly after: string;
}

// Ids and kinds are no words: replaced, they would break what refers to them.
const NO_WORDS = new Set([
  "id",
  "type",
  "kind",
  "mode",
  "variable",
  "language",
  "toolId",
  "workflowId",
  "playbookId",
]);

/** Every text of every step in which `find` stands; the case counts where `find` has capitals. */
export function replacements(document: ProjectDocument, find: string, by: string): Replacement[] {
  if (!find) return [];
  const exact = find !== find.toLowerCase();
  const pattern = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), exact ? "g" : "gi");
  const found: Replacement[] = [];
  for (const workflow of document.workflows) {
    for (const step of workflow.steps) {
      const look = (value: unknown, path: (string | number)[]) => {
        if (typeof value === "string") {
          const after = value.replace(pattern, () => by);
          if (after === value) return;
          const key = [workflow.id, step.id, ...path].join("\n");
          const place = { key, workflowId: workflow.id, stepId: step.id, stepName: nameOf(step), path };
          found.push({ ...place, before: value, after });
        } else if (Array.isArray(value)) {
          value.forEach((each, index) => {
            look(each, [...path, index]);
          });
        } else if (typeof value === "object" && value !== null) {
          for (const [name, each] of Object.entries(value))
            if (!NO_WORDS.has(name)) look(each, [...path, name]);
        }
      };
      if (step.name) look(step.name, ["name"]);
      look(step.config, ["config"]);
    }
  }
  return found;
}

/** The document with these texts replaced; one that was changed meanwhile stays. */
export function replaced(document: ProjectDocument, all: readonly Replacement[]): ProjectDocument {
  const bySteps = new Map<string, Replacement[]>();
  for (const each of all) {
    const key = `${each.workflowId}\n${each.stepId}`;
    bySteps.set(key, [...(bySteps.get(key) ?? []), each]);
  }
  return {
    ...document,
    workflows: document.workflows.map(workflow => ({
      ...workflow,
      steps: workflow.steps.map(step =>
        (bySteps.get(`${workflow.id}\n${step.id}`) ?? []).reduce(
          (now, { path, before, after }) => put(now, path, before, after) as typeof step,
          step,
        ),
      ),
    })),
  };
}

function put(value: unknown, path: readonly (string | number)[], before: string, after: string): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value === before ? after : value;
  if (Array.isArray(value))
    return value.map((each, index) => (index === first ? put(each, rest, before, after) : each));
  if (typeof value !== "object" || value === null) return value;
  const thing = value as Record<string, unknown>;
  return { ...thing, [first]: put(thing[first], rest, before, after) };
}

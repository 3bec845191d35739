import type { ProjectDocument } from "@dashboard/data/projects";
import { nameOf } from "./flow";
import { notesOf, titleOfNote, withNotes } from "./notes";

/** One text of a step or note in which the words stand, before and after they are replaced. */
export interface Replacement {
  /** Unlike any other's. */
  readonly key: string;
  readonly workflowId: string;
  /** The step or note, and what it is called. */
  readonly id: string;
  readonly name: string;
  /** Where it stands in it, as `config.buttons.0.label`. */
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

/** Every text of every step and note in which `find` stands; the case counts where `find` has capitals. */
export function replacements(document: ProjectDocument, find: string, by: string): Replacement[] {
  if (!find) return [];
  const exact = find !== find.toLowerCase();
  const pattern = new RegExp(find.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"), exact ? "g" : "gi");
  const found: Replacement[] = [];
  for (const workflow of document.workflows) {
    const within = (id: string, name: string) => {
      const look = (value: unknown, path: (string | number)[]): void => {
        if (typeof value === "string") {
          const after = value.replace(pattern, () => by);
          if (after === value) return;
          const key = [workflow.id, id, ...path].join("\n");
          found.push({ key, workflowId: workflow.id, id, name, path, before: value, after });
        } else if (Array.isArray(value)) {
          value.forEach((each, index) => {
            look(each, [...path, index]);
          });
        } else if (typeof value === "object" && value !== null) {
          for (const [key, each] of Object.entries(value)) if (!NO_WORDS.has(key)) look(each, [...path, key]);
        }
      };
      return look;
    };
    for (const step of workflow.steps) {
      const look = within(step.id, nameOf(step));
      if (step.name) look(step.name, ["name"]);
      look(step.config, ["config"]);
    }
    for (const note of notesOf(workflow)) within(note.id, titleOfNote(note))(note.text, ["text"]);
  }
  return found;
}

/** The document with these texts replaced; one that was changed meanwhile stays. */
export function replaced(document: ProjectDocument, all: readonly Replacement[]): ProjectDocument {
  const byItem = new Map<string, Replacement[]>();
  for (const each of all) {
    const key = `${each.workflowId}\n${each.id}`;
    byItem.set(key, [...(byItem.get(key) ?? []), each]);
  }
  return {
    ...document,
    workflows: document.workflows.map(workflow => {
      const change = <Item extends { readonly id: string }>(item: Item): Item =>
        (byItem.get(`${workflow.id}\n${item.id}`) ?? []).reduce(
          (now, { path, before, after }) => put(now, path, before, after) as Item,
          item,
        );
      return withNotes({ ...workflow, steps: workflow.steps.map(change) }, notes => notes.map(change));
    }),
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

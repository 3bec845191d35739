import type { ProjectDocument } from "@dashboard/data/projects";
import { type Belongings, belongingsOf, readBelongings } from "../editing/belongings";
import { type Connection, newId, type Step, type Workflow } from "../editing/flow";
import { type Note, notesOf, readNote } from "../editing/notes";
import type { Shapes } from "../editing/shapes";

const MARK = "conduet/steps";

interface Snippet extends Partial<Belongings> {
  readonly kind: typeof MARK;
  readonly steps: readonly Step[];
  readonly connections: readonly Connection[];
  readonly notes?: readonly Note[];
}

/** Steps with what connects them, what they use and the notes beside them, as text that can be pasted anywhere: another workflow, project, tab or message. */
export function copied(
  document: ProjectDocument,
  workflow: Workflow,
  ids: ReadonlySet<string>,
  shapes: Shapes,
): string {
  const steps = workflow.steps.filter(each => ids.has(each.id) && each.type !== "start");
  const notes = notesOf(workflow).filter(each => ids.has(each.id));
  const snippet: Snippet = {
    kind: MARK,
    steps,
    ...belongingsOf(document, steps, shapes),
    connections: workflow.connections.filter(each => ids.has(each.source) && ids.has(each.target)),
    ...(notes.length > 0 && { notes }),
  };
  return JSON.stringify(snippet, null, 2);
}

export interface Pasted {
  readonly steps: readonly Step[];
  readonly connections: readonly Connection[];
  readonly notes: readonly Note[];
  readonly belongings: Belongings;
}

/** The steps and notes of a text that was copied, with ids of their own; `undefined` for any other text. */
export function pasted(text: string, by: { x: number; y: number }): Pasted | undefined {
  const snippet = read(text);
  if (!snippet) return undefined;
  const ids = new Map(snippet.steps.map(each => [each.id, newId("step")]));
  const of = (id: string) => ids.get(id) ?? id;
  const beside = (place: { x?: number; y?: number } | undefined) => ({
    x: (place?.x ?? 0) + by.x,
    y: (place?.y ?? 0) + by.y,
  });
  return {
    belongings: readBelongings(snippet),
    steps: snippet.steps.map(each => ({ ...each, id: of(each.id), position: beside(each.position) })),
    connections: snippet.connections
      .filter(each => ids.has(each.source) && ids.has(each.target))
      .map(each => ({ ...each, id: newId("con"), source: of(each.source), target: of(each.target) })),
    notes: (snippet.notes ?? []).map(readNote).map(each => ({ ...each, position: beside(each.position) })),
  };
}

function read(text: string): Snippet | undefined {
  try {
    const value = JSON.parse(text) as Partial<Snippet> | null;
    if (value?.kind !== MARK || !Array.isArray(value.steps) || !Array.isArray(value.connections))
      return undefined;
    const whole =
      value.steps.every(each => typeof each?.id === "string" && typeof each.type === "string") &&
      Array.isArray(value.notes ?? []);
    return whole ? (value as Snippet) : undefined;
  } catch {
    return undefined;
  }
}

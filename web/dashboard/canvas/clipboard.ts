import type { ProjectDocument } from "@dashboard/data/projects";
import { type Belongings, belongingsOf, readBelongings } from "../editing/belongings";
import { type Connection, newId, type Step, type Workflow } from "../editing/flow";

const MARK = "conduet/steps";

interface Snippet extends Partial<Belongings> {
  readonly kind: typeof MARK;
  readonly steps: readonly Step[];
  readonly connections: readonly Connection[];
}

/** Steps with what connects them and what they use, as text that can be pasted anywhere: another workflow, project, tab or message. */
export function copied(document: ProjectDocument, workflow: Workflow, ids: ReadonlySet<string>): string {
  const steps = workflow.steps.filter(each => ids.has(each.id) && each.type !== "start");
  const snippet: Snippet = {
    kind: MARK,
    steps,
    ...belongingsOf(document, steps),
    connections: workflow.connections.filter(each => ids.has(each.source) && ids.has(each.target)),
  };
  return JSON.stringify(snippet, null, 2);
}

/** The steps of a text that was copied, with ids of their own; `undefined` for any other text. */
export function pasted(
  text: string,
  by: { x: number; y: number },
): { steps: Step[]; connections: Connection[]; belongings: Belongings } | undefined {
  const snippet = read(text);
  if (!snippet) return undefined;
  const ids = new Map(snippet.steps.map(each => [each.id, newId("step")]));
  const of = (id: string) => ids.get(id) ?? id;
  return {
    belongings: readBelongings(snippet),
    steps: snippet.steps.map(each => ({
      ...each,
      id: of(each.id),
      position: { x: (each.position?.x ?? 0) + by.x, y: (each.position?.y ?? 0) + by.y },
    })),
    connections: snippet.connections
      .filter(each => ids.has(each.source) && ids.has(each.target))
      .map(each => ({ ...each, id: newId("con"), source: of(each.source), target: of(each.target) })),
  };
}

function read(text: string): Snippet | undefined {
  try {
    const value = JSON.parse(text) as Partial<Snippet> | null;
    if (value?.kind !== MARK || !Array.isArray(value.steps) || !Array.isArray(value.connections))
      return undefined;
    const whole = value.steps.every(each => typeof each?.id === "string" && typeof each.type === "string");
    return whole ? (value as Snippet) : undefined;
  } catch {
    return undefined;
  }
}

import { type Connection, newId, type Step, type Workflow } from "../editing/flow";

const MARK = "conduet/steps";

interface Snippet {
  readonly kind: typeof MARK;
  readonly steps: readonly Step[];
  readonly connections: readonly Connection[];
}

/** Steps with what connects them, as text that can be pasted anywhere: another workflow, project, tab or message. */
export function copied(workflow: Workflow, ids: ReadonlySet<string>): string {
  const snippet: Snippet = {
    kind: MARK,
    steps: workflow.steps.filter(each => ids.has(each.id) && each.type !== "start"),
    connections: workflow.connections.filter(each => ids.has(each.source) && ids.has(each.target)),
  };
  return JSON.stringify(snippet, null, 2);
}

/** The steps of a text that was copied, with ids of their own; `undefined` for any other text. */
export function pasted(
  text: string,
  by: { x: number; y: number },
): { steps: Step[]; connections: Connection[] } | undefined {
  const snippet = read(text);
  if (!snippet) return undefined;
  const ids = new Map(snippet.steps.map(each => [each.id, newId("step")]));
  const of = (id: string) => ids.get(id) ?? id;
  return {
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

import type { ProjectDocument } from "@dashboard/data/projects";
import { t } from "@ui/words";
import { filled } from "../data/filled";
import { type Belongings, belongingsOf, readBelongings } from "../editing/belongings";
import { type Connection, newId, type Step, snapped, type Workflow } from "../editing/flow";
import { around, boxesOf, type Note, notesOf, readNote } from "../editing/notes";
import type { Shapes } from "../editing/shapes";

const MARK = "conduet/steps";
const STEP_ON = 40;

interface Place {
  readonly x: number;
  readonly y: number;
}

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

/**
 * The steps and notes of a text that was copied, or written by hand, with ids of their own and all that they may leave
 * out. In words why it cannot be pasted; `undefined` for any other text.
 */
export function pasted(text: string, shapes: Shapes): Pasted | string | undefined {
  const value = readObject(text);
  if (value?.["kind"] !== MARK) return undefined;
  const [given, wires, notes] = [value["steps"], value["connections"] ?? [], value["notes"] ?? []];
  if (!Array.isArray(given) || !given.every(isStep) || !Array.isArray(wires) || !Array.isArray(notes))
    return t("The steps in this text cannot be read.");
  const unknown = given.find(each => shapes.steps.size > 0 && !shapes.steps.has(each.type));
  if (unknown) return t("There is no step type %{type} here.", { type: unknown.type });
  // A workflow has its own start.
  const ids = new Map(given.flatMap(each => (each.type === "start" ? [] : [[each.id, newId("step")]])));
  const steps = [...ids].map(([was, id]) => withPlace({ ...given.find(each => each.id === was), id }));
  const connections = (wires as Partial<Connection>[]).flatMap(each => {
    const [source, target] = [ids.get(each?.source ?? ""), ids.get(each?.target ?? "")];
    const sourcePort = each?.sourcePort ?? "next";
    return source && target ? [{ ...each, id: newId("con"), source, sourcePort, target }] : [];
  });
  const { variables, tools, playbooks, workflows } = filled({
    ...readBelongings(value),
    workflows: [{ id: "pasted", steps, connections, notes: notes.map(readNote) }],
  } as unknown as ProjectDocument);
  const [flow] = workflows;
  const belongings = { variables, tools, playbooks } as unknown as Belongings;
  return flow && { ...flow, notes: notesOf(flow), belongings };
}

/** What was pasted, its middle at a place; or beside where it was. What lies there already is not covered. */
export function placed(pasted: Pasted, workflow: Workflow, at: Place | "beside"): Pasted {
  const own = { ...workflow, steps: [...pasted.steps], notes: [...pasted.notes] };
  const boxes = [...boxesOf(own, new Map()).values()];
  const whole = around(boxes);
  const [x, y] = [whole.x + whole.width / 2, whole.y + whole.height / 2];
  const by = at === "beside" ? { x: STEP_ON, y: STEP_ON } : snapped({ x: at.x - x, y: at.y - y });
  const taken = new Set([...workflow.steps, ...notesOf(workflow)].map(each => keyOf(each.position)));
  const moved = ({ position }: { readonly position: Place }) => ({
    x: position.x + by.x,
    y: position.y + by.y,
  });
  const all = [...pasted.steps, ...pasted.notes];
  while (all.some(each => taken.has(keyOf(moved(each))))) {
    by.x += STEP_ON;
    by.y += STEP_ON;
  }
  return {
    ...pasted,
    steps: pasted.steps.map(each => ({ ...each, position: moved(each) })),
    notes: pasted.notes.map(each => ({ ...each, position: moved(each) })),
  };
}

const keyOf = ({ x, y }: Place) => `${x} ${y}`;

type Thing = Readonly<Record<string, unknown>>;

function readObject(text: string): Thing | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isThing(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isStep(value: unknown): value is Step {
  if (!isThing(value)) return false;
  const { id, type, name, config } = value;
  const isText = typeof id === "string" && id !== "" && typeof type === "string";
  return isText && typeof (name ?? "") === "string" && (config === undefined || isThing(config));
}

/** A step whose place is none has none, as one that was left out. */
function withPlace(step: object): object {
  const { position, ...rest } = step as Partial<Step>;
  return Number.isFinite(position?.x) && Number.isFinite(position?.y) ? step : rest;
}

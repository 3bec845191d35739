import { t } from "@ui/words";
import { type Connection, newId, type Step, snapped, type Workflow } from "./flow";
import { notesOf, withNotes } from "./notes";

export type Edge = "left" | "middle" | "right" | "top" | "centre" | "bottom";
type Places = ReadonlyMap<string, { x: number; y: number }>;
type Sizes = ReadonlyMap<string, { width: number; height: number }>;
/** A step or a note: what has a place. */
type Item = Pick<Step, "id" | "position">;

interface Side {
  readonly axis: "x" | "y";
  /** Which part of the step is brought in line: its beginning, its middle, its end. */
  readonly part: 0 | 0.5 | 1;
}

const SIDES: Readonly<Record<Edge, Side>> = {
  left: { axis: "x", part: 0 },
  middle: { axis: "x", part: 0.5 },
  right: { axis: "x", part: 1 },
  top: { axis: "y", part: 0 },
  centre: { axis: "y", part: 0.5 },
  bottom: { axis: "y", part: 1 },
};

const lengthOf = (sizes: Sizes, item: Item, axis: "x" | "y") =>
  sizes.get(item.id)?.[axis === "x" ? "width" : "height"] ?? 0;

/** Where steps and notes stand when they are in one line: at the outermost edge, or at the middle of all. */
export function aligned(items: readonly Item[], sizes: Sizes, edge: Edge): Places {
  const { axis, part } = SIDES[edge];
  const points = items.map(each => each.position[axis] + part * lengthOf(sizes, each, axis));
  const [low, high] = [Math.min(...points), Math.max(...points)];
  const line = part === 0 ? low : part === 1 ? high : (low + high) / 2;
  return new Map(
    items.map(each => [
      each.id,
      snapped({ ...each.position, [axis]: line - part * lengthOf(sizes, each, axis) }),
    ]),
  );
}

/** Where steps and notes stand when the gaps between them are the same; the outermost stay. */
export function distributed(items: readonly Item[], sizes: Sizes, axis: "x" | "y"): Places {
  const sorted = [...items].sort((one, other) => one.position[axis] - other.position[axis]);
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (!first || !last) return new Map();
  const room = last.position[axis] + lengthOf(sizes, last, axis) - first.position[axis];
  const filled = sorted.reduce((sum, each) => sum + lengthOf(sizes, each, axis), 0);
  const gap = (room - filled) / Math.max(1, sorted.length - 1);
  let place = first.position[axis];
  return new Map(
    sorted.map(each => {
      const at = snapped({ ...each.position, [axis]: place });
      place += lengthOf(sizes, each, axis) + gap;
      return [each.id, at];
    }),
  );
}

/** These steps, and all that can be reached from them. */
export function downstream(workflow: Workflow, ids: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set(ids);
  const left = [...ids];
  for (let id = left.pop(); id !== undefined; id = left.pop()) {
    for (const { source, target } of workflow.connections) {
      if (source !== id || found.has(target)) continue;
      found.add(target);
      left.push(target);
    }
  }
  return found;
}

export interface Grouped {
  readonly workflow: Workflow;
  /** The workflow that the steps are in now. */
  readonly made: Workflow;
  /** The step that calls it. */
  readonly stepId: string;
}

/**
 * The steps in a workflow of their own, with the notes among them, and a step in their place calls it; or why that cannot be: there is one way in,
 * and one way out at most (several ends that lead to the same step are one), because a workflow is entered at its start and left as one.
 */
export function grouped(workflow: Workflow, ids: ReadonlySet<string>, name: string): Grouped | string {
  const steps = workflow.steps.filter(each => ids.has(each.id) && each.type !== "start");
  const inside = new Set(steps.map(each => each.id));
  const entering = workflow.connections.filter(each => !inside.has(each.source) && inside.has(each.target));
  const leaving = workflow.connections.filter(each => inside.has(each.source) && !inside.has(each.target));
  const entries = new Set(entering.map(each => each.target));
  const exits = new Set(leaving.map(each => each.target));
  if (steps.length === 0) return t("Choose the steps that go into the workflow.");
  if (entries.size > 1) return t("The steps are entered at more than one place: a workflow begins at one.");
  if (exits.size > 1) return t("The steps lead to more than one place: a workflow goes on at one.");
  const first = [...entries][0] ?? steps[0]?.id ?? "";
  const left = Math.min(...steps.map(each => each.position.x));
  const top = Math.min(...steps.map(each => each.position.y));
  const start = { id: newId("step"), type: "start", config: {}, position: { x: left - 320, y: top } } as Step;
  const notes = notesOf(workflow).filter(each => ids.has(each.id));
  const inner = workflow.connections.filter(each => inside.has(each.source) && inside.has(each.target));
  const made = {
    id: newId("wf"),
    name,
    steps: [start, ...steps],
    connections: [wire(start.id, "next", first), ...inner],
    ...(notes.length > 0 && { notes }),
  } as Workflow;
  const stepId = newId("step");
  const config = { workflowId: made.id, mode: "call" };
  const call = { id: stepId, type: "workflow", name, config, position: snapped({ x: left, y: top }) } as Step;
  const outer = workflow.connections
    .filter(each => !inside.has(each.source))
    .map(each => (inside.has(each.target) ? { ...each, target: stepId } : each));
  const [exit] = exits;
  const rest = withNotes(workflow, all => all.filter(each => !ids.has(each.id)));
  return {
    workflow: {
      ...rest,
      steps: [...workflow.steps.filter(each => !inside.has(each.id)), call],
      connections: exit === undefined ? outer : [...outer, wire(stepId, "next", exit)],
    },
    made,
    stepId,
  };
}

function wire(source: string, sourcePort: string, target: string): Connection {
  return { id: newId("con"), source, sourcePort, target };
}

import type { StepType } from "@dashboard/data/schema";
import { inWords } from "@dashboard/data/titles";
import { newId, type Problem, type Workflow } from "@dashboard/editing/flow";
import { t } from "@ui/words";
import { PATH, type Phase, phaseName } from "./harness";

/** When a phase is over, and which one follows. */
interface Exit {
  readonly description?: string;
  readonly expression?: string | null;
  readonly to?: string;
}

export type Places = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** What the drawn phases are called where steps have a workflow. */
export const PHASES = "phases";
/** The way out that is not there yet: what it is connected to makes it one. */
export const NEW_EXIT = t("New exit");

const FIRST = "first-phase";
const LATER = "phase";

const phaseType = (type: string): [string, StepType] => [
  type,
  {
    type,
    title: inWords(type),
    family: "ai",
    description: "",
    configSchema: { properties: { instructions: { type: "string" } } },
    ports: { from: ["exits"], fixed: [NEW_EXIT] },
    waits: false,
    example: {},
  },
];

/** The two kinds of cards: the phase that conversations begin in, and the others. */
export const PHASE_TYPES: ReadonlyMap<string, StepType> = new Map([phaseType(FIRST), phaseType(LATER)]);

const exitsOf = (phase: Phase) => (phase.exit ?? []) as readonly Exit[];
const portOf = (index: number) => `exit-${index}`;
const indexOf = (port: string) => (port.startsWith("exit-") ? Number(port.slice(5)) : undefined);
const idOf = (phaseId: string, index: number) => `${index} ${phaseId}`;

/** The phases as the canvas draws a workflow: a phase is a step, each of its exits a way out. */
export function drawn(phases: readonly Phase[], places: Places): Workflow {
  const known = new Set(phases.map(each => each.id));
  return {
    id: PHASES,
    name: t("Phases"),
    steps: phases.map((phase, place) => ({
      id: phase.id,
      type: place === 0 ? FIRST : LATER,
      name: phaseName(phase),
      config: {
        instructions: phase.instructions ?? "",
        exits: exitsOf(phase).map((exit, index) => ({
          id: portOf(index),
          label: exit.description || exit.expression || t("Exit %{number}", { number: index + 1 }),
        })),
      },
      position: places[phase.id] ?? { x: 0, y: 0 },
    })),
    notes: [],
    connections: phases.flatMap(phase =>
      exitsOf(phase).flatMap((exit, index) =>
        exit.to && known.has(exit.to)
          ? [{ id: idOf(phase.id, index), source: phase.id, sourcePort: portOf(index), target: exit.to }]
          : [],
      ),
    ),
  };
}

/** What is wrong with the phases, at the cards that stand for them. */
export function problemsAt(phases: readonly Phase[], problems: readonly Problem[]): readonly Problem[] {
  return problems.flatMap(problem => {
    const [, index] = problem.path.startsWith(PATH) ? (/\.phases\[(\d+)\]/.exec(problem.path) ?? []) : [];
    const phase = index === undefined ? undefined : phases[Number(index)];
    return phase ? [{ ...problem, workflowId: PHASES, stepId: phase.id }] : [];
  });
}

/** Why an exit of a phase cannot lead to another; `undefined`: it can. */
export function refusalOf(
  workflow: Workflow,
  _: unknown,
  from: { readonly stepId: string; readonly port: string },
  targetId: string,
): string | undefined {
  if (from.stepId === targetId) return t("A phase is not followed by itself.");
  const held = workflow.connections.find(
    each => each.source === from.stepId && each.sourcePort === from.port,
  );
  return held?.target === targetId ? t("It leads there already.") : undefined;
}

/** The exit that a phase offers first: one that leads nowhere yet, else a new one. */
export function openPort(workflow: Workflow, phase: Phase): string {
  const free = exitsOf(phase).findIndex(
    (_, index) =>
      !workflow.connections.some(each => each.source === phase.id && each.sourcePort === portOf(index)),
  );
  return free < 0 ? NEW_EXIT : portOf(free);
}

/** The phases with an exit that leads to another; with `moved`, the one that did so from elsewhere. */
export function connected(
  phases: readonly Phase[],
  source: string,
  port: string,
  target: string,
  moved?: string,
): readonly Phase[] {
  const [from, taken] = moved === undefined ? [] : exitAt(phases, moved);
  const index = indexOf(port);
  const keeps = taken === undefined || (from === source && moved === idOf(source, index ?? -1));
  const rest = keeps || moved === undefined ? phases : disconnected(phases, moved);
  return rest.map(phase => {
    if (phase.id !== source) return phase;
    const exits = exitsOf(phase);
    const at = index !== undefined && exits[index] ? index : undefined;
    if (!keeps || at === undefined)
      return { ...phase, exit: [...exits, { description: "", ...taken, to: target }] };
    return { ...phase, exit: exits.with(at, { ...exits[at], to: target }) };
  });
}

/** The phases without the exit that a connection stands for. */
export function disconnected(phases: readonly Phase[], connection: string): readonly Phase[] {
  const [phaseId, exit] = exitAt(phases, connection);
  return phases.map(each =>
    each.id === phaseId ? { ...each, exit: exitsOf(each).filter(other => other !== exit) } : each,
  );
}

/** The phases with a new one, to which an exit leads. */
export function followed(
  phases: readonly Phase[],
  source: string,
  port: string,
): { readonly phases: readonly Phase[]; readonly id: string } {
  const made = newPhase(phases);
  return { phases: connected([...phases, made], source, port, made.id), id: made.id };
}

export function newPhase(phases: readonly Phase[]): Phase {
  return {
    id: newId("phase"),
    name: t("Phase %{value}", { value: phases.length + 1 }),
    instructions: "",
  };
}

function exitAt(phases: readonly Phase[], connection: string): [string, Exit] | [] {
  for (const phase of phases) {
    const exit = exitsOf(phase).find((_, index) => idOf(phase.id, index) === connection);
    if (exit) return [phase.id, exit];
  }
  return [];
}

/** The card that is nearest in a direction. */
export function nearest(workflow: Workflow, from: string, x: number, y: number): string | undefined {
  const here = workflow.steps.find(each => each.id === from)?.position;
  if (!here) return workflow.steps[0]?.id;
  const ahead = workflow.steps.flatMap(({ id, position }) => {
    const [right, down] = [position.x - here.x, position.y - here.y];
    const [far, aside] = x ? [right * x, Math.abs(down)] : [down * y, Math.abs(right)];
    return far > 0 ? [{ id, cost: far + 2 * aside }] : [];
  });
  return ahead.sort((one, other) => one.cost - other.cost)[0]?.id;
}

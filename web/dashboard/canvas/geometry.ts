import type { NodeHandle } from "@xyflow/react";
import { Position } from "@xyflow/react";
import type { StepType } from "../data/schema";
import { type Port, portsOf, type Step, summaryOf } from "../editing/flow";

export const WIDTH = 240;
export const HEAD = 36;
const LINE = 20;
const PORT = 24;
/** Letters of a line of text in a card; a wide one counts twice. */
const LETTERS = 34;

/** What a card shows and how large it is: worked out, so that no card has to be drawn to be measured. */
export interface CardShape {
  readonly summary: string;
  readonly lines: 0 | 1 | 2;
  readonly ports: readonly Port[];
  readonly height: number;
  readonly handles: NodeHandle[];
}

export function shapeOf(step: Step, type: StepType | undefined, connected: readonly string[]): CardShape {
  const ports = portsOf(step, type, connected);
  const summary = summaryOf(step, type);
  const lines = summary === "" ? 0 : summary.includes("\n") || lettersOf(summary) > LETTERS ? 2 : 1;
  // A line between the parts, and one around them.
  const above = 1 + HEAD + (lines ? 13 + lines * LINE : 0);
  const height = above + (ports.length ? 9 + ports.length * PORT : 0) + 1;
  const handles: NodeHandle[] = ports.map((port, index) => ({
    id: port.id,
    type: "source",
    position: Position.Right,
    x: WIDTH - 19,
    y: above + 5 + index * PORT,
    width: PORT,
    height: PORT,
  }));
  if (step.type !== "start")
    handles.push({ type: "target", position: Position.Left, x: 0, y: 0, width: WIDTH, height });
  return { summary, lines, ports, height, handles };
}

function lettersOf(text: string): number {
  let sum = 0;
  for (const letter of text.slice(0, LETTERS + 1)) sum += letter > "\u2e7f" ? 2 : 1;
  return sum;
}

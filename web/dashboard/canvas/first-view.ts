import { getNodesBounds, getViewportForBounds, type Viewport } from "@xyflow/react";
import { WHOLE } from "./handle";
import { type BoardNode, isStep } from "./note-nodes";

/** From further away the words of a card cannot be read. */
const READABLE = 0.5;

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is seen first: all of it where it can be read so, else what is chosen, else where it begins. */
export function firstView(size: Size, nodes: readonly BoardNode[], selected: ReadonlySet<string>): Viewport {
  const all = getNodesBounds([...nodes]);
  const within = (of: typeof all, zoom: number, padding: number) =>
    getViewportForBounds(of, size.width, size.height, zoom, WHOLE.maxZoom, padding);
  const whole = within(all, 0, WHOLE.padding);
  if (nodes.length === 0 || whole.zoom >= READABLE) return whole;
  const chosen = nodes.filter(each => selected.has(each.id));
  if (chosen.length > 0) return within(getNodesBounds(chosen), READABLE, 0.4);
  const begin = nodes.find(each => isStep(each) && each.data.step.type === "start") ?? nodes[0];
  const { position, height = 0 } = begin as BoardNode;
  const isIn = (length: number, room: number) => length * READABLE * (1 + WHOLE.padding) <= room;
  const middle = (from: number, length: number, room: number) => room / 2 - (from + length / 2) * READABLE;
  return {
    zoom: READABLE,
    x: isIn(all.width, size.width)
      ? middle(all.x, all.width, size.width)
      : (size.width * WHOLE.padding) / 2 - position.x * READABLE,
    y: isIn(all.height, size.height)
      ? middle(all.y, all.height, size.height)
      : middle(position.y, height, size.height),
  };
}

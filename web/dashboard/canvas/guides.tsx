import { type NodeChange, ViewportPortal } from "@xyflow/react";
import type { BoardNode } from "./note-nodes";

/** A line in which steps stand, on the canvas. */
export interface Guide {
  readonly axis: "x" | "y";
  readonly at: number;
  readonly from: number;
  readonly to: number;
}

/** How near a step comes to a line before it is drawn into it, in px of the canvas. */
const NEAR = 8;
const PARTS = [0, 0.5, 1];

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What a drag goes on over, which stays as it is while it lasts. */
export interface Ground {
  /** Of what is dragged. */
  readonly sizes: ReadonlyMap<string, Pick<Box, "width" | "height">>;
  readonly others: readonly Box[];
}

export function groundOf(nodes: readonly BoardNode[], moving: ReadonlySet<string>): Ground {
  const boxOf = ({ position, width = 0, height = 0 }: BoardNode): Box => ({ ...position, width, height });
  return {
    sizes: new Map(nodes.filter(each => moving.has(each.id)).map(each => [each.id, boxOf(each)])),
    // What lies in a frame stands in no line with its edges.
    others: nodes.filter(each => !moving.has(each.id) && each.type !== "frame").map(boxOf),
  };
}

/**
 * What is dragged, drawn into line with what stands near it, and the lines it is in then; several as the box around
 * them. Places between the grid's are left out: there nothing stays. Without a ground nothing is drawn.
 */
export function guided(
  changes: NodeChange<BoardNode>[],
  ground: Ground | undefined,
): { readonly changes: NodeChange<BoardNode>[]; readonly guides: readonly Guide[] } {
  const box = ground && around(changes, ground);
  if (!box) return { changes, guides: [] };
  const { others } = ground;
  const placed = { ...box, x: drawn("x", box, others), y: drawn("y", box, others) };
  const [right, down] = [placed.x - box.x, placed.y - box.y];
  return {
    guides: (["x", "y"] as const).flatMap(axis => lines(axis, placed, others)),
    changes: changes.map(each => {
      const place = dragged(each);
      return place && each.type === "position"
        ? { ...each, position: { x: place.x + right, y: place.y + down } }
        : each;
    }),
  };
}

const dragged = (change: NodeChange<BoardNode>) =>
  change.type === "position" && change.dragging ? change.position : undefined;

/** The box around what is dragged, where it is dragged to. */
function around(changes: readonly NodeChange<BoardNode>[], { sizes }: Ground): Box | undefined {
  let [left, top, right, bottom] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const each of changes) {
    const place = dragged(each);
    const size = place && "id" in each && sizes.get(each.id);
    if (!size) continue;
    [left, top] = [Math.min(left, place.x), Math.min(top, place.y)];
    [right, bottom] = [Math.max(right, place.x + size.width), Math.max(bottom, place.y + size.height)];
  }
  return left === Infinity ? undefined : { x: left, y: top, width: right - left, height: bottom - top };
}

const lengthOf = (box: Box, axis: "x" | "y") => (axis === "x" ? box.width : box.height);
const pointOf = (box: Box, axis: "x" | "y", part: number) => box[axis] + part * lengthOf(box, axis);

function drawn(axis: "x" | "y", box: Box, others: readonly Box[]): number {
  const at = box[axis];
  let [best, least] = [at, NEAR + 1];
  for (const other of others) {
    for (const part of PARTS) {
      const place = pointOf(other, axis, part) - part * lengthOf(box, axis);
      const far = Math.abs(place - at);
      if (place % 8 === 0 && far < least) [best, least] = [place, far];
    }
  }
  return best;
}

function lines(axis: "x" | "y", box: Box, others: readonly Box[]): Guide[] {
  const across = axis === "x" ? "y" : "x";
  for (const part of PARTS) {
    const at = pointOf(box, axis, part);
    const inLine = others.filter(each => PARTS.some(other => pointOf(each, axis, other) === at));
    if (inLine.length === 0) continue;
    const all = [box, ...inLine];
    const from = Math.min(...all.map(each => pointOf(each, across, 0)));
    const to = Math.max(...all.map(each => pointOf(each, across, 1)));
    return [{ axis, at, from, to }];
  }
  return [];
}

export function Guides({ guides, zoom }: { readonly guides: readonly Guide[]; readonly zoom: number }) {
  if (guides.length === 0) return null;
  const wide = 1 / zoom;
  return (
    <ViewportPortal>
      {guides.map(({ axis, at, from, to }) => (
        <div
          key={axis}
          aria-hidden="true"
          className="guide pointer-events-none absolute bg-focus"
          style={
            axis === "x"
              ? { width: wide, height: to - from, transform: `translate(${at}px, ${from}px)` }
              : { width: to - from, height: wide, transform: `translate(${from}px, ${at}px)` }
          }
        />
      ))}
    </ViewportPortal>
  );
}

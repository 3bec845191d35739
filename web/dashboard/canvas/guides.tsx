import { type NodeChange, ViewportPortal } from "@xyflow/react";
import type { CardNode } from "./step-card";

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

/**
 * What is dragged, drawn into line with what stands near it, and the lines it is in then. Places between the grid's are
 * left out: there nothing stays. Off: nothing is drawn.
 */
export function guided(
  changes: readonly NodeChange<CardNode>[],
  nodes: readonly CardNode[],
  on: boolean,
): { readonly changes: NodeChange<CardNode>[]; readonly guides: readonly Guide[] } {
  const moving = changes.filter(each => each.type === "position" && each.dragging);
  const [change] = moving;
  if (!on || moving.length !== 1 || change?.type !== "position" || !change.position)
    return { changes: [...changes], guides: [] };
  const node = nodes.find(each => each.id === change.id);
  if (!node) return { changes: [...changes], guides: [] };
  const others = nodes.filter(each => each.id !== node.id);
  const position = {
    x: drawn("x", node, change.position.x, others),
    y: drawn("y", node, change.position.y, others),
  };
  const placed = { ...node, position };
  const guides = (["x", "y"] as const).flatMap(axis => lines(axis, placed, others));
  return { changes: changes.map(each => (each === change ? { ...change, position } : each)), guides };
}

const lengthOf = (node: CardNode, axis: "x" | "y") => (axis === "x" ? node.width : node.height) ?? 0;
const pointOf = (node: CardNode, axis: "x" | "y", part: number) =>
  node.position[axis] + part * lengthOf(node, axis);

function drawn(axis: "x" | "y", node: CardNode, at: number, others: readonly CardNode[]): number {
  let [best, least] = [at, NEAR + 1];
  for (const other of others) {
    for (const part of PARTS) {
      const place = pointOf(other, axis, part) - part * lengthOf(node, axis);
      const far = Math.abs(place - at);
      if (place % 8 === 0 && far < least) [best, least] = [place, far];
    }
  }
  return best;
}

function lines(axis: "x" | "y", node: CardNode, others: readonly CardNode[]): Guide[] {
  const across = axis === "x" ? "y" : "x";
  for (const part of PARTS) {
    const at = pointOf(node, axis, part);
    const inLine = others.filter(each => PARTS.some(other => pointOf(each, axis, other) === at));
    if (inLine.length === 0) continue;
    const all = [node, ...inLine];
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

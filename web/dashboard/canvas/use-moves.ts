import { applyNodeChanges, type NodeChange, useReactFlow, useStoreApi } from "@xyflow/react";
import { type Dispatch, type RefObject, type SetStateAction, useCallback, useRef, useState } from "react";
import { isInside } from "../editing/notes";
import type { CanvasProps } from "./canvas";
import { type Ground, type Guide, groundOf, guided } from "./guides";
import type { BoardNode } from "./note-nodes";
import { useLatest } from "./use-latest";

/** A press of the mouse or a finger; React's or the browser's own. */
type Press = { readonly altKey: boolean };
type Place = { readonly x: number; readonly y: number };

/** What a frame that is dragged takes along, and where all of it was. */
interface Held {
  readonly frame: string;
  readonly from: Place;
  readonly members: ReadonlyMap<string, Place>;
}

const NO_GUIDES: readonly Guide[] = [];

/** What is dragged and what is chosen on the canvas: drawn while it lasts, told when it ends. */
export function useMoves(
  { selected, onSelect, onMove }: Pick<CanvasProps, "selected" | "onSelect" | "onMove">,
  shown: RefObject<readonly BoardNode[]>,
  setNodes: Dispatch<SetStateAction<BoardNode[]>>,
) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const [guides, setGuides] = useState<readonly Guide[]>(NO_GUIDES);
  /** Drawn into no line, and a frame without what lies in it. */
  const isFree = useRef(false);
  const places = useRef(new Map<string, { x: number; y: number }>());
  const held = useRef<Held>(undefined);
  const ground = useRef<Ground>(undefined);
  const marquee = useRef<Place>(undefined);

  const change = useCallback(
    (changes: NodeChange<BoardNode>[]) => {
      const moves = changes.filter(each => each.type !== "select").map(stayed);
      const all = [...moves, ...along(moves, held.current)];
      const drawn = guided(all, isFree.current ? undefined : ground.current);
      for (const each of drawn.changes)
        if (each.type === "position" && each.position) places.current.set(each.id, each.position);
      if (moves.some(each => each.type === "position")) setGuides(drawn.guides);
      setNodes(now => applyNodeChanges(drawn.changes, now));
      const chosen = changes.filter(each => each.type === "select");
      if (chosen.length === 0) return;
      const frames = new Set(shown.current.filter(each => each.type === "frame").map(each => each.id));
      const drawing = store.getState().userSelectionRect !== null;
      const next = new Set(selected);
      for (const each of chosen) {
        // Whoever draws a box in a frame does not mean the frame.
        if (drawing && each.selected && frames.has(each.id)) continue;
        if (each.selected) next.add(each.id);
        else next.delete(each.id);
      }
      onSelect(next);
    },
    [selected, onSelect, shown, setNodes, store],
  );

  const did = useLatest({
    begun: (event: Press, moving: readonly BoardNode[]) => {
      places.current.clear();
      held.current = event.altKey ? undefined : heldBy(moving, shown.current);
      const ids = [...moving.map(each => each.id), ...(held.current?.members.keys() ?? [])];
      ground.current = groundOf(shown.current, new Set(ids));
    },
    ended: () => {
      held.current = undefined;
      ground.current = undefined;
      if (places.current.size > 0) onMove(new Map(places.current));
    },
    marqueeBegun: () => {
      const rect = store.getState().userSelectionRect;
      marquee.current = rect ? { x: rect.startX, y: rect.startY } : undefined;
    },
    marqueeEnded: (event: { readonly clientX: number; readonly clientY: number }) => {
      const from = marquee.current;
      if (!from) return;
      const to = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const box = {
        x: Math.min(from.x, to.x),
        y: Math.min(from.y, to.y),
        width: Math.abs(to.x - from.x),
        height: Math.abs(to.y - from.y),
      };
      const frames = shown.current.filter(each => each.type === "frame" && isInside(boxOf(each), box));
      if (frames.length > 0) onSelect(new Set([...selected, ...frames.map(each => each.id)]));
    },
  });
  return { guides, isFree, change, ...did };
}

const boxOf = ({ position, width = 0, height = 0 }: BoardNode) => ({ ...position, width, height });

/** What lies wholly in the frames that are dragged, and is not dragged by itself. */
function heldBy(moving: readonly BoardNode[], nodes: readonly BoardNode[]): Held | undefined {
  const ids = new Set(moving.map(each => each.id));
  const frames = nodes.filter(each => each.type === "frame" && ids.has(each.id));
  const [first] = frames;
  if (!first) return undefined;
  const boxes = frames.map(boxOf);
  const members = nodes.filter(each => !ids.has(each.id) && boxes.some(box => isInside(boxOf(each), box)));
  return {
    frame: first.id,
    from: first.position,
    members: new Map(members.map(each => [each.id, each.position])),
  };
}

/** The moves of what a frame takes along. */
function along(moves: readonly NodeChange<BoardNode>[], held: Held | undefined): NodeChange<BoardNode>[] {
  const lead = moves.find(each => each.type === "position" && each.id === held?.frame);
  if (!held || lead?.type !== "position") return [];
  const { position, dragging = false } = lead;
  const [x, y] = position ? [position.x - held.from.x, position.y - held.from.y] : [0, 0];
  return [...held.members].map(([id, from]) => ({
    id,
    type: "position" as const,
    dragging,
    ...(position && { position: { x: from.x + x, y: from.y + y } }),
  }));
}

/** Whatever is let go stays where it was drawn last, which xyflow does not know of. */
function stayed(change: NodeChange<BoardNode>): NodeChange<BoardNode> {
  if (change.type !== "position" || change.dragging !== false) return change;
  const { position: _, positionAbsolute: __, ...rest } = change;
  return rest;
}

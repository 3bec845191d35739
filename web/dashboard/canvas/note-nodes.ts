import type { Node } from "@xyflow/react";
import { useMemo, useRef } from "react";
import type { Workflow } from "../editing/flow";
import { type Box, type Note, notesOf } from "../editing/notes";
import type { CardNode } from "./step-card";

export interface NoteData extends Record<string, unknown> {
  readonly note: Note;
  /** Something else was looked for. */
  readonly dimmed: boolean;
  /** Left out: nothing is edited. */
  readonly onResize: ((note: Note, box: Box) => void) | undefined;
}

export type NoteNode = Node<NoteData, "note" | "frame">;
/** All that lies on the canvas. */
export type BoardNode = CardNode | NoteNode;

/** Whether a node is a step: what else lies on the canvas has no ways in or out. */
export const isStep = (node: BoardNode): node is CardNode => node.type === "step";

export interface NoteNodes {
  /** They lie behind all else, the larger ones behind the smaller. */
  readonly frames: readonly NoteNode[];
  readonly notes: readonly NoteNode[];
}

/** The notes and frames as xyflow wants them; one that did not change keeps its node. */
export function useNoteNodes(
  workflow: Workflow,
  selected: ReadonlySet<string>,
  found: ReadonlySet<string> | undefined,
  onResize: NoteData["onResize"],
): NoteNodes {
  const before = useRef(new Map<string, NoteNode>());
  const all = notesOf(workflow);
  return useMemo(() => {
    const nodes = all.map(note => {
      const [isSelected, dimmed] = [selected.has(note.id), found !== undefined && !found.has(note.id)];
      const known = before.current.get(note.id);
      const { data } = known ?? {};
      const same = data?.note === note && data.dimmed === dimmed && data.onResize === onResize;
      return known && same && known.selected === isSelected
        ? known
        : nodeOf({ note, dimmed, onResize }, isSelected);
    });
    before.current = new Map(nodes.map(each => [each.id, each]));
    const area = ({ width = 0, height = 0 }: NoteNode) => width * height;
    return {
      frames: nodes.filter(each => each.type === "frame").sort((one, other) => area(other) - area(one)),
      notes: nodes.filter(each => each.type === "note"),
    };
  }, [all, selected, found, onResize]);
}

function nodeOf(data: NoteData, selected: boolean): NoteNode {
  const { id, kind, position, size } = data.note;
  const { width, height } = size;
  const frame = {
    zIndex: -1,
    // In its middle one grips what lies there, or the canvas.
    style: { pointerEvents: "none" as const },
    dragHandle: ".frame-grip",
  };
  return {
    ...(kind === "frame" && frame),
    ...{ id, type: kind, position: { x: position.x, y: position.y }, data, selected },
    ...{ width, height, measured: { width, height }, handles: [], connectable: false },
  };
}

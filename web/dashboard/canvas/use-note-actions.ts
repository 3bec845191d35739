import { type RefObject, useCallback } from "react";
import { snapped } from "../editing/flow";
import { around, type Box, boxesOf, HIGH, type Note, type NoteKind, sideOf, WIDE } from "../editing/notes";
import type { FlowActions } from "./flow-actions";
import type { CanvasHandle } from "./handle";

type Place = { readonly x: number; readonly y: number };

export interface NoteActions {
  /** Adds one at a place, else in the middle of what is seen; a frame around what is chosen. */
  readonly add: (kind: NoteKind, place?: Place) => void;
  readonly resize: (note: Note, box: Box) => void;
}

/** What is done to notes and frames, where it depends on what is seen and chosen. */
export function useNoteActions(
  actions: FlowActions,
  selected: ReadonlySet<string>,
  canvas: RefObject<CanvasHandle | null>,
): NoteActions {
  const add = useCallback<NoteActions["add"]>(
    (kind, place) => {
      const chosen = kind === "frame" && !place ? chosenIn(actions, selected, canvas.current) : [];
      const by = kind === "frame" ? 2 : 1;
      const [width, height] = [WIDE * by, HIGH * by];
      const middle = canvas.current?.middle() ?? { x: 0, y: -2 * HIGH };
      const at = place ?? { x: middle.x - width / 2, y: middle.y - height / 2 };
      actions.addNote(kind, chosen.length > 0 ? around(chosen) : { ...at, width, height });
    },
    [actions, selected, canvas],
  );
  // The same one whatever is chosen: every note knows it.
  const resize = useCallback<NoteActions["resize"]>(
    (note, { width, height, ...place }) =>
      actions.putNote({
        ...note,
        position: snapped(place),
        size: { width: sideOf(width), height: sideOf(height) },
      }),
    [actions],
  );
  return { add, resize };
}

function chosenIn(
  { workflow }: FlowActions,
  selected: ReadonlySet<string>,
  canvas: CanvasHandle | null,
): Box[] {
  if (!workflow) return [];
  const boxes = boxesOf(workflow, canvas?.sizes() ?? new Map());
  return [...boxes].flatMap(([id, box]) => (selected.has(id) ? [box] : []));
}

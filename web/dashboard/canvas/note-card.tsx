import { cx } from "@ui/cx";
import { type NodeProps, NodeResizeControl } from "@xyflow/react";
import { memo, use } from "react";
import { LEAST, MOST, type Note, titleOfNote } from "../editing/notes";
import { familyOf } from "./family";
import { Far } from "./far";
import type { NoteNode } from "./note-nodes";

const CORNERS = ["top-left", "top-right", "bottom-left", "bottom-right"] as const;

/** A note on the canvas: a card of text. */
export const NoteCard = memo(function NoteCard({ data, selected, dragging }: NodeProps<NoteNode>) {
  const { note, dimmed } = data;
  const far = use(Far);
  return (
    <>
      <div
        className={cx(
          "h-full w-full overflow-hidden rounded-card border p-2.5",
          far ? "text-title" : "text-dense",
          note.color ? familyOf(note.color).className : "bg-raised text-text",
          selected ? "border-focus outline-2 outline-focus" : "border-line",
          dragging && "shadow-popover",
          dimmed && "opacity-35",
        )}
      >
        <p className="whitespace-pre-wrap break-words" dir="auto">
          {note.text || titleOfNote(note)}
        </p>
      </div>
      {selected && <Corners {...data} />}
    </>
  );
});

/** A frame: a box with a title behind the steps that it holds, gripped by its title or its edge. */
export const FrameCard = memo(function FrameCard({ data, selected }: NodeProps<NoteNode>) {
  const { note, dimmed } = data;
  const far = use(Far);
  return (
    <>
      <div
        className={cx(
          "h-full w-full rounded-panel border-2",
          note.color ? cx("frame-tint", familyOf(note.color).className) : "text-text-2",
          selected ? "border-focus" : note.color ? "border-current" : "border-control",
          dimmed && "opacity-35",
        )}
      >
        <p
          className={cx(
            "frame-grip pointer-events-auto cursor-grab truncate px-3 font-semibold",
            far ? "py-2 text-number" : "py-1.5 text-lead",
          )}
          dir="auto"
        >
          {titleOfNote(note)}
        </p>
      </div>
      {(["top", "end", "bottom", "start"] as const).map(side => (
        <div key={side} className={cx("frame-grip frame-edge", side)} />
      ))}
      {selected && <Corners {...data} />}
    </>
  );
});

function Corners({ note, onResize }: { readonly note: Note } & Pick<NoteNode["data"], "onResize">) {
  if (!onResize) return null;
  return CORNERS.map(corner => (
    <NodeResizeControl
      key={corner}
      position={corner}
      className="note-corner nodrag"
      minWidth={LEAST}
      minHeight={LEAST}
      maxWidth={MOST}
      maxHeight={MOST}
      onResizeEnd={(_, { x, y, width, height }) => onResize(note, { x, y, width, height })}
    />
  ));
}

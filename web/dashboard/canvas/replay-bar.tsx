import { IconButton } from "@ui/button";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import type { RecordedTurn } from "../data/turns";

export interface ReplayBarProps {
  readonly replay: RecordedTurn;
  /** Where of the path one is, from 0; -1: nowhere. */
  readonly at: number;
  readonly onStep: (to: number) => void;
  readonly onClose: () => void;
}

/** Walks along the path of a turn that was taken. */
export default function ReplayBar({ replay: { path }, at, onStep, onClose }: ReplayBarProps) {
  return (
    <section
      aria-label="Replay"
      className="flex min-h-10 shrink-0 items-center gap-1 border-line border-b bg-surface px-3 text-dense"
    >
      <p role="status" className="min-w-0 flex-1 truncate text-text-2">
        {path.length === 0
          ? "This turn came by no step."
          : at < 0
            ? `A turn of ${path.length} ${path.length === 1 ? "step" : "steps"}`
            : `Step ${at + 1} of ${path.length}${path[at]?.port ? `, on by ${path[at].port}` : ", where it stayed"}`}
      </p>
      <IconButton
        dense
        icon={ChevronLeft}
        label="Step before"
        shortcut="["
        disabled={at < 1}
        onClick={() => onStep(at - 1)}
      />
      <IconButton
        dense
        icon={ChevronRight}
        label="Next step"
        shortcut="]"
        disabled={at >= path.length - 1}
        onClick={() => onStep(at + 1)}
      />
      <IconButton dense icon={X} label="End replay" onClick={onClose} />
    </section>
  );
}

import { IconButton } from "@ui/button";
import { t } from "@ui/words";
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
      aria-label={t("Replay")}
      className="flex min-h-10 shrink-0 items-center gap-1 border-line border-b bg-surface px-3 text-dense"
    >
      <p role="status" className="min-w-0 flex-1 truncate text-text-2">
        {path.length === 0
          ? t("This turn came by no step.")
          : at < 0
            ? t("A turn of %{path} %{value}", {
                path: path.length,
                value: path.length === 1 ? t("step") : t("steps"),
              })
            : t("Step %{value} of %{path}%{value2}", {
                value: at + 1,
                path: path.length,
                value2: path[at]?.port
                  ? t(", on by %{port}", { port: path[at].port })
                  : t(", where it stayed"),
              })}
      </p>
      <IconButton
        dense
        icon={ChevronLeft}
        label={t("Step before")}
        shortcut="["
        disabled={at < 1}
        onClick={() => onStep(at - 1)}
      />
      <IconButton
        dense
        icon={ChevronRight}
        label={t("Next step")}
        shortcut="]"
        disabled={at >= path.length - 1}
        onClick={() => onStep(at + 1)}
      />
      <IconButton dense icon={X} label={t("End replay")} onClick={onClose} />
    </section>
  );
}

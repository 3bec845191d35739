import { Icon } from "@ui/icon";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { ViewportPortal } from "@xyflow/react";
import { MessageSquare } from "lucide-react";
import type { Thread } from "./comments-data";

export interface PinsProps {
  readonly threads: readonly Thread[];
  readonly zoom: number;
  readonly onOpen: () => void;
}

/** Threads that stand at a point of the canvas, on no step. */
export function Pins({ threads, zoom, onOpen }: PinsProps) {
  return (
    <ViewportPortal>
      {threads.map(
        ({ id, position, comments }) =>
          position && (
            <button
              key={id}
              type="button"
              tabIndex={-1}
              aria-label={t("Thread of %{comments}: %{value}", {
                comments: counted(comments.length, "comment"),
                value: comments[0]?.text ?? "",
              })}
              className="nopan pointer-events-auto absolute flex size-7 items-center justify-center rounded-pill bg-info-soft text-info shadow-popover"
              style={{ transform: `translate(${position.x}px, ${position.y}px) scale(${1 / zoom})` }}
              onClick={event => {
                event.stopPropagation();
                onOpen();
              }}
            >
              <Icon of={MessageSquare} />
            </button>
          ),
      )}
    </ViewportPortal>
  );
}

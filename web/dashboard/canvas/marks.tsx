import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import type { StepType } from "../data/schema";
import type { Workflow } from "../editing/flow";
import { boxesOf } from "../editing/notes";
import { shapeOf, WIDTH } from "./geometry";

/** How a difference is drawn: by a sign and a line as well as by its colour. */
const LOOKS = {
  added: { sign: "+", said: t("Added"), frame: "border-ok", tag: "bg-ok-soft text-ok" },
  removed: { sign: "−", said: t("Removed"), frame: "border-bad border-dashed", tag: "bg-bad-soft text-bad" },
  changed: { sign: "~", said: t("Changed"), frame: "border-warn", tag: "bg-warn-soft text-warn" },
} as const;

export interface MarksProps {
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly marks: ReadonlyMap<string, keyof typeof LOOKS>;
}

/** Around each step and note that is different: what became of it. */
export function Marks({ workflow, types, marks }: MarksProps) {
  const boxes = useMemo(() => {
    const ports = Map.groupBy(workflow.connections, connection => connection.source);
    const sizes = workflow.steps.map(step => {
      const connected = (ports.get(step.id) ?? []).map(each => each.sourcePort);
      const { height } = shapeOf(step, types.get(step.type), connected);
      return [step.id, { width: WIDTH, height }] as const;
    });
    return boxesOf(workflow, new Map(sizes));
  }, [workflow, types]);
  return (
    <ViewportPortal>
      {[...boxes].map(([id, { x, y, width, height }]) => {
        const mark = marks.get(id);
        if (!mark) return null;
        const { sign, said, frame, tag } = LOOKS[mark];
        return (
          <div
            key={id}
            data-mark={mark}
            className={cx("pointer-events-none absolute rounded-card border-3", frame)}
            style={{
              width: width + 12,
              height: height + 12,
              transform: `translate(${x - 6}px, ${y - 6}px)`,
            }}
          >
            <span
              className={cx(
                "absolute -start-3 -top-4 flex size-7 items-center justify-center rounded-pill border font-mono font-semibold text-lead",
                frame,
                tag,
              )}
            >
              <span aria-hidden="true">{sign}</span>
              <span className="sr-only">{said}</span>
            </span>
          </div>
        );
      })}
    </ViewportPortal>
  );
}

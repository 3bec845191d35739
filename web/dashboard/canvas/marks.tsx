import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import type { StepType } from "../data/schema";
import type { Workflow } from "../editing/flow";
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

/** Around each step that is different: what became of it. */
export function Marks({ workflow, types, marks }: MarksProps) {
  const ports = useMemo(
    () => Map.groupBy(workflow.connections, connection => connection.source),
    [workflow.connections],
  );
  return (
    <ViewportPortal>
      {workflow.steps.map(step => {
        const mark = marks.get(step.id);
        if (!mark) return null;
        const { sign, said, frame, tag } = LOOKS[mark];
        const connected = (ports.get(step.id) ?? []).map(each => each.sourcePort);
        const { height } = shapeOf(step, types.get(step.type), connected);
        return (
          <div
            key={step.id}
            data-mark={mark}
            className={cx("pointer-events-none absolute rounded-card border-3", frame)}
            style={{
              width: WIDTH + 12,
              height: height + 12,
              transform: `translate(${step.position.x - 6}px, ${step.position.y - 6}px)`,
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

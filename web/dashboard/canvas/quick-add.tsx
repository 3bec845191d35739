import { t } from "@ui/words";
import { useEffect, useRef } from "react";
import type { StepType } from "../data/schema";
import { nameOf, portsOf, type Workflow } from "../editing/flow";
import { canFollow } from "../editing/refusing";
import type { Loose } from "./canvas";
import { Palette } from "./palette";

const WIDE = 224;
const HIGH = 360;

export interface QuickAddProps {
  readonly loose: Loose;
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly onAdd: (type: StepType) => void;
  readonly onClose: () => void;
}

/** The types of steps that fit a way out, where it was let go; the one chosen is wired to it. */
export function QuickAdd({ loose, workflow, types, onAdd, onClose }: QuickAddProps) {
  const box = useRef<HTMLElement>(null);
  const step = workflow.steps.find(each => each.id === loose.stepId);
  const ports = step ? portsOf(step, types.get(step.type), [loose.port]) : [];
  const between = workflow.connections.some(
    each => each.source === loose.stepId && each.sourcePort === loose.port,
  );
  useEffect(() => {
    const press = (event: PointerEvent) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) onClose();
    };
    addEventListener("pointerdown", press, true);
    return () => removeEventListener("pointerdown", press, true);
  }, [onClose]);
  return (
    <aside
      ref={box}
      aria-label={t("Steps to add")}
      className="fixed z-40 flex flex-col overflow-hidden rounded-card border border-line bg-raised shadow-popover"
      style={{
        width: WIDE,
        height: HIGH,
        left: Math.max(8, Math.min(loose.at.x, innerWidth - WIDE - 8)),
        top: Math.max(8, Math.min(loose.at.y, innerHeight - HIGH - 8)),
      }}
    >
      <h2 className="truncate px-3 pt-2 text-caption text-text-2" dir="auto">
        {t("After")} {step && nameOf(step)} · {ports.find(each => each.id === loose.port)?.label}
      </h2>
      <div className="min-h-0 flex-1">
        <Palette
          focused
          types={types}
          fits={type => canFollow(type, between)}
          onAdd={onAdd}
          onClose={onClose}
        />
      </div>
    </aside>
  );
}

import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { Handle, type Node, type NodeProps, Position, useStore } from "@xyflow/react";
import { CircleAlert, Plus, TriangleAlert } from "lucide-react";
import { memo } from "react";
import type { StepType } from "../data/schema";
import type { Step } from "../editing/flow";
import { nameOf, portsOf, summaryOf, titleOf } from "../editing/flow";
import { familyOf } from "./family";

export interface CardData extends Record<string, unknown> {
  readonly step: Step;
  readonly type: StepType | undefined;
  /** The ports that lead somewhere. */
  readonly connected: readonly string[];
  readonly problem: "error" | "warning" | undefined;
  /** It spoke in the turn that is shown. */
  readonly visited: boolean;
  readonly onAdd: (stepId: string, port: string, at: { x: number; y: number }) => void;
}

export type CardNode = Node<CardData, "step">;

export const WIDTH = 240;
const FAR = 0.45;
const isFar = (state: { transform: [number, number, number] }) => state.transform[2] < FAR;

/** A step on the canvas: what it is, what it says, and its ways out with the place where each is connected. */
export const StepCard = memo(function StepCard({ data, selected, dragging }: NodeProps<CardNode>) {
  const { step, type, problem, visited } = data;
  const far = useStore(isFar);
  const family = familyOf(type?.family);
  const ports = portsOf(step, type, data.connected);
  const summary = far ? "" : summaryOf(step, type);
  return (
    <div
      style={{ width: WIDTH }}
      className={cx(
        "rounded-card border bg-surface text-start text-dense",
        selected ? "border-focus outline-2 outline-focus" : visited ? "border-ok" : "border-control",
        dragging && "shadow-popover",
      )}
    >
      {step.type !== "start" && (
        <Handle type="target" position={Position.Left} className="target" isConnectableStart={false} />
      )}
      <div className="flex h-9 items-center gap-2 px-2">
        <span
          className={cx("flex size-6 shrink-0 items-center justify-center rounded-tag", family.className)}
        >
          <Icon of={family.icon} />
        </span>
        <span className={cx("min-w-0 flex-1 truncate font-semibold", far && "text-title")} dir="auto">
          {nameOf(step)}
        </span>
        {!far && step.name && <span className="truncate text-caption text-text-3">{titleOf(step.type)}</span>}
        {problem && (
          <Icon
            of={problem === "error" ? CircleAlert : TriangleAlert}
            className={problem === "error" ? "text-bad" : "text-warn"}
          />
        )}
      </div>
      {summary && (
        <p
          className="line-clamp-2 whitespace-pre-line border-line border-t px-2.5 py-1.5 text-text-2"
          dir="auto"
        >
          {summary}
        </p>
      )}
      {ports.length > 0 && (
        <ul className="border-line border-t py-1">
          {ports.map(port => (
            <li key={port.id} className="relative flex h-6 items-center justify-end gap-1 ps-2.5 pe-3">
              {!far && (
                <span
                  dir="auto"
                  className={cx(
                    "truncate",
                    port.own ? "me-auto rounded-tag bg-sunken px-1.5" : "text-text-3",
                  )}
                >
                  {port.label}
                </span>
              )}
              {!far && !data.connected.includes(port.id) && (
                <button
                  type="button"
                  tabIndex={-1}
                  aria-label={`Add a step after ${port.label}`}
                  className="nodrag flex size-6 items-center justify-center rounded-control text-text-3 opacity-0 hover:bg-hover hover:text-text focus-visible:opacity-100 [.react-flow\_\_node:hover_&]:opacity-100"
                  onClick={event => {
                    event.stopPropagation();
                    data.onAdd(step.id, port.id, { x: event.clientX, y: event.clientY });
                  }}
                >
                  <Icon of={Plus} />
                </button>
              )}
              <Handle
                type="source"
                id={port.id}
                position={Position.Right}
                className="port"
                isConnectableEnd={false}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
});

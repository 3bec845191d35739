import { type Edge, ViewportPortal } from "@xyflow/react";
import { useMemo } from "react";
import type { Workflow } from "../editing/flow";
import { pathOf } from "./connection";
import type { CardNode } from "./step-card";

export interface FarConnectionsProps {
  readonly workflow: Workflow;
  readonly shapes: readonly CardNode[];
  /** Those that are drawn one by one. */
  readonly without: readonly Edge[];
}

/** All connections as one line, for those who look from afar: hundreds of them are no more to draw than one. */
export function FarConnections({ workflow, shapes, without }: FarConnectionsProps) {
  const line = useMemo(() => {
    const steps = new Map(shapes.map(each => [each.id, each]));
    const drawn = new Set(without.map(each => each.id));
    const parts: string[] = [];
    for (const { id, source, sourcePort, target } of workflow.connections) {
      const [from, to] = [steps.get(source), steps.get(target)];
      const handle = from?.handles?.find(each => each.id === sourcePort);
      if (drawn.has(id) || !from || !to || !handle) continue;
      const ends = {
        sourceX: from.position.x + handle.x + (handle.width ?? 0),
        sourceY: from.position.y + handle.y + (handle.height ?? 0) / 2,
        targetX: to.position.x,
        targetY: to.position.y + to.data.shape.height / 2,
      };
      const bottom = () => Math.max(...[from, to].map(each => each.position.y + each.data.shape.height));
      parts.push(pathOf(ends, bottom));
    }
    return parts.join(" ");
  }, [workflow.connections, shapes, without]);
  return (
    <ViewportPortal>
      <svg aria-hidden="true" className="far-connections pointer-events-none absolute overflow-visible">
        <path d={line} fill="none" />
      </svg>
    </ViewportPortal>
  );
}

import { type FunnelStep, funnelQuery, periods, type Range } from "@dashboard/data/analytics";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "@ui/badge";
import { count } from "@ui/time";
import { t } from "@ui/words";
import { useStore, ViewportPortal } from "@xyflow/react";
import { use } from "react";
import type { Workflow } from "../editing/flow";
import { Far } from "./far";

/** From afar a mark grows no more than this, or it would cover its neighbours. */
const LARGEST = 2.5;

export interface DropOffsProps {
  readonly projectId: string;
  readonly workflow: Workflow;
  readonly range: Range;
}

/** Over each step: how many conversations came by it, and how many of them ended there without an answer. */
export default function DropOffs({ projectId, workflow, range }: DropOffsProps) {
  const { data } = useQuery(funnelQuery(projectId, periods(range).now));
  const far = use(Far);
  const scale = useStore(state => (far ? Math.min(LARGEST, 1 / state.transform[2]) : 1));
  const steps = new Map(
    data?.steps.filter(each => each.workflowId === workflow.id).map(each => [each.stepId, each]),
  );
  return (
    <ViewportPortal>
      {workflow.steps.map(({ id, position }) => {
        const came = steps.get(id);
        // From afar there is room for what matters alone.
        if (!came || (far && came.droppedOff === 0)) return null;
        return (
          <p
            key={id}
            data-funnel={id}
            className="pointer-events-none absolute flex origin-bottom-left gap-1 pb-1"
            style={{
              transform: `translate(${position.x}px, ${position.y}px) translateY(-100%) scale(${scale})`,
            }}
          >
            <Badge>{count(came.conversations)}</Badge>
            {came.droppedOff > 0 && <Badge tone="warn">{stayed(came)}</Badge>}
          </p>
        );
      })}
    </ViewportPortal>
  );
}

const stayed = ({ droppedOff, dropOff }: FunnelStep) =>
  t("%{droppedOff} dropped off · %{round} %", {
    droppedOff: count(droppedOff),
    round: Math.round(dropOff * 100),
  });

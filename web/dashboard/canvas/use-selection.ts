import { useCallback, useMemo, useState } from "react";
import type { Workflow } from "../editing/flow";
import { notesOf } from "../editing/notes";
import type { Spot } from "./comments-data";

const NONE: ReadonlySet<string> = new Set();

/** What is chosen on the canvas: one thing stands in the address, several do not; and what is said of it. */
export function useSelection(
  workflow: Workflow | undefined,
  stepId: string | undefined,
  onPlace: (workflowId: string, stepId: string | undefined) => void,
) {
  const workflowId = workflow?.id ?? "";
  const [many, setMany] = useState<ReadonlySet<string>>();
  const [connection, setConnection] = useState<string>();
  const [spot, setSpot] = useState<Spot>();
  const chosen = useMemo(() => many ?? (stepId ? new Set([stepId]) : NONE), [many, stepId]);
  const selected = useMemo(() => left(chosen, workflow), [chosen, workflow]);
  const selectIn = useCallback(
    (flow: string, ids: readonly string[]) => {
      setMany(ids.length > 1 ? new Set(ids) : undefined);
      onPlace(flow, ids.length === 1 ? ids[0] : undefined);
    },
    [onPlace],
  );
  const select = useCallback(
    (ids: ReadonlySet<string>, chosen?: string) => {
      setConnection(chosen);
      // What is said of a step goes with it.
      setSpot(now => now && (ids.size === 1 ? { workflowId, stepId: [...ids][0] } : undefined));
      selectIn(workflowId, [...ids]);
    },
    [selectIn, workflowId],
  );
  return { selected, connection, spot, setSpot, select, selectIn };
}

/** What of it is still there: an address outlives its step, and a colleague deletes what is open here. */
function left(chosen: ReadonlySet<string>, workflow: Workflow | undefined): ReadonlySet<string> {
  if (!workflow || chosen.size === 0) return chosen;
  const there = new Set([...workflow.steps, ...notesOf(workflow)].map(each => each.id));
  const found = [...chosen].filter(id => there.has(id));
  return found.length === chosen.size ? chosen : new Set(found);
}

import { cx } from "@ui/cx";
import { useMemo } from "react";
import type { StepType } from "../data/schema";
import { nameOf, type Step, summaryOf, titleOf, type Workflow } from "../editing/flow";

export interface OutlineProps {
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string) => void;
}

/** The steps in the order in which they are walked: the canvas for those who read or listen. */
export function Outline({ workflow, types, selected, onSelect }: OutlineProps) {
  const rows = useMemo(() => walked(workflow), [workflow]);
  return (
    <ol aria-label={`Steps of ${workflow.name || workflow.id}`} className="flex flex-col p-2">
      {rows.map(({ step, depth, port }) => (
        <li key={step.id} style={{ paddingInlineStart: Math.min(depth, 8) * 12 }}>
          <button
            type="button"
            aria-current={selected.has(step.id) ? "true" : undefined}
            onClick={() => onSelect(step.id)}
            className={cx(
              "flex min-h-8 w-full flex-col rounded-control px-2 py-1 text-start text-dense hover:bg-hover",
              selected.has(step.id) && "bg-accent-soft text-accent-text",
            )}
          >
            <span className="truncate" dir="auto">
              {port && <span className="text-text-3">{port} → </span>}
              <span className="font-medium">{nameOf(step)}</span>
              {step.name && <span className="text-text-3"> {titleOf(step.type)}</span>}
            </span>
            <span className="truncate text-caption text-text-2" dir="auto">
              {summaryOf(step, types.get(step.type))}
            </span>
          </button>
        </li>
      ))}
    </ol>
  );
}

interface Row {
  readonly step: Step;
  readonly depth: number;
  readonly port: string | undefined;
}

/** Depth first from the start; what nothing leads to comes last. */
function walked(workflow: Workflow): Row[] {
  const steps = new Map(workflow.steps.map(each => [each.id, each]));
  const seen = new Set<string>();
  const rows: Row[] = [];
  const visit = (first: string, depth: number, by: string | undefined) => {
    const waiting = [{ id: first, depth, port: by }];
    while (waiting.length > 0) {
      const next = waiting.pop();
      const step = next && steps.get(next.id);
      if (!next || !step || seen.has(step.id)) continue;
      seen.add(step.id);
      rows.push({ step, depth: next.depth, port: next.port });
      const out = workflow.connections.filter(each => each.source === step.id);
      for (const each of [...out].reverse()) {
        const deeper = out.length > 1 ? 1 : 0;
        waiting.push({
          id: each.target,
          depth: next.depth + deeper,
          port: out.length > 1 ? each.sourcePort : undefined,
        });
      }
    }
  };
  const start = workflow.steps.find(each => each.type === "start");
  if (start) visit(start.id, 0, undefined);
  for (const step of workflow.steps) visit(step.id, 0, undefined);
  return rows;
}

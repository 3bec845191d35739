import type { Trace, Turn } from "@client/traces";
import { JsonView } from "@ui/code";
import { cx } from "@ui/cx";
import { Select } from "@ui/select";
import { type ReactNode, useState } from "react";
import { titleOf } from "../editing/flow";

const FILTERS = [
  { value: "all", label: "All" },
  { value: "model", label: "Model" },
  { value: "tools", label: "Tools" },
  { value: "errors", label: "Errors" },
] as const;
type Filter = (typeof FILTERS)[number]["value"];

const OF: Readonly<Record<Filter, (trace: Trace) => boolean>> = {
  all: trace => !trace.type.startsWith("completion-continue"),
  model: trace =>
    "usage" in trace.payload || trace.type.startsWith("completion") || trace.type === "knowledge",
  tools: trace => trace.type === "tool-call" || trace.type === "tool_call" || trace.type === "approval",
  errors: trace =>
    trace.type === "error" ||
    (trace.type === "debug" && trace.payload["level"] !== "info") ||
    Boolean(trace.payload["error"]),
};

export interface TraceListProps {
  readonly turns: readonly Turn[];
  /** Shows the step on the canvas. */
  readonly onStep?: (workflowId: string, stepId: string) => void;
  /** What can be done with a turn, beside its number. */
  readonly actions?: (turnId: string, number: number) => ReactNode;
}

/** Every turn with what happened in it, one row each: opened, it tells all. */
export function TraceList({ turns, onStep, actions }: TraceListProps) {
  const [filter, setFilter] = useState<Filter>("all");
  if (turns.length === 0) {
    return (
      <p className="p-4 text-dense text-text-2">
        What happens in each turn shows here once you talk to the agent.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3 p-3">
      <Select dense label="Show" className="max-w-32" value={filter} onChange={setFilter} options={FILTERS} />
      {turns.map((turn, index) => {
        const longest = Math.max(1, ...turn.traces.map(durationOf));
        return (
          <section key={turn.id} aria-label={`Turn ${index + 1}`}>
            <div className="mb-1 flex min-h-7 items-center gap-1">
              <h3 className="flex-1 text-caption text-text-3">Turn {index + 1}</h3>
              {actions?.(turn.id, index + 1)}
            </div>
            <ol>
              {turn.traces.filter(OF[filter]).map(trace => (
                <Row key={trace.id} trace={trace} longest={longest} onStep={onStep} />
              ))}
            </ol>
          </section>
        );
      })}
    </div>
  );
}

function Row({
  trace,
  longest,
  onStep,
}: {
  readonly trace: Trace;
  readonly longest: number;
  readonly onStep: TraceListProps["onStep"];
}) {
  const { payload } = trace;
  const [open, setOpen] = useState(false);
  const duration = durationOf(trace);
  const bad = trace.type === "error" || Boolean(payload["error"]);
  return (
    <li className={cx("border-line border-b text-dense", trace.type !== "step" && "ms-4")}>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(is => !is)}
        className="flex h-7 w-full items-center gap-2 rounded-control px-1 text-start hover:bg-hover coarse:h-10"
      >
        <span className={cx("shrink-0 font-medium", bad && "text-bad")}>{nameOfTrace(trace)}</span>
        <span className="min-w-0 flex-1 truncate text-text-2" dir="auto">
          {told(trace)}
        </span>
        {duration > 0 && (
          <>
            <span className="h-1 w-12 shrink-0 rounded-pill bg-sunken" aria-hidden="true">
              <span
                className="block h-1 rounded-pill bg-accent"
                style={{ width: `${Math.max(4, (duration / longest) * 100)}%` }}
              />
            </span>
            <span className="w-14 shrink-0 text-end text-caption text-text-3 tabular-nums">
              {duration} ms
            </span>
          </>
        )}
      </button>
      {open && (
        <div className="flex flex-col gap-2 pb-2 ps-1">
          {trace.type === "step" && onStep && (
            <button
              type="button"
              className="self-start rounded-control px-1 text-accent-text underline"
              onClick={() => onStep(String(payload["workflowId"]), String(payload["stepId"]))}
            >
              Show on canvas
            </button>
          )}
          <JsonView value={payload} />
        </div>
      )}
    </li>
  );
}

function nameOfTrace({ type, payload }: Trace): string {
  return type === "step" ? titleOf(String(payload["type"])) : titleOf(type.replaceAll("_", "-"));
}

function durationOf({ payload }: Trace): number {
  return typeof payload["durationMs"] === "number" ? payload["durationMs"] : 0;
}

/** The one thing of a trace that says most. */
function told({ type, payload }: Trace): string {
  if (type === "step") {
    const changed = Object.keys((payload["changed"] ?? {}) as object);
    const parts = [
      payload["stepId"],
      payload["port"] && `→ ${payload["port"]}`,
      changed.length && `sets ${changed.join(", ")}`,
    ];
    return parts.filter(Boolean).join(" ");
  }
  for (const name of ["message", "text", "toolName", "name", "query", "reason", "title", "url"]) {
    if (typeof payload[name] === "string") return payload[name];
  }
  return "";
}

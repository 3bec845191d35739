import { lazyPart } from "@dashboard/lazy-part";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import {
  Bot,
  Bug,
  CircleAlert,
  Dot,
  Eye,
  EyeOff,
  FileSearch,
  Globe,
  type LucideIcon,
  MessageSquareText,
  SquareCode,
  Wrench,
} from "lucide-react";
import { Suspense, useMemo, useState } from "react";
import { familyOf } from "../canvas/family";
import type { StepType } from "../data/schema";
import { inWords } from "../data/titles";
import { portsOf, type Step, titleOf } from "../editing/flow";
import { usePersonal, withoutPersonal } from "./personal";
import { pointAt } from "./pulse";
import type { Row } from "./trace-tree";

// What a row holds is looked at now and then.
const TraceDetail = lazyPart(() => import("./trace-detail"));

export interface TraceRowProps {
  readonly row: Row;
  readonly axis: { readonly from: number; readonly to: number };
  readonly types: ReadonlyMap<string, StepType>;
  /** What is called so, by `placeOf`. */
  readonly steps: ReadonlyMap<string, Step>;
  readonly onStep?: (workflowId: string, stepId: string) => void;
}

/** One row of a trace: what, where it went on, what it took, and when on the turn's axis. */
export function TraceRow({ row, axis, types, steps, onStep }: TraceRowProps) {
  const [open, setOpen] = useState(false);
  const [bare, setBare] = useState(false);
  const personal = usePersonal();
  const safe = useMemo(() => withoutPersonal(row, personal), [row, personal]);
  const { kind, trace, call, depth } = row;
  const step = kind === "step" ? String(trace?.payload["stepId"]) : undefined;
  const sign = signOf(row, types);
  const tokens = call?.kind === "model" ? (call.inputTokens ?? 0) + (call.outputTokens ?? 0) : 0;
  return (
    <li className="border-line border-b text-dense">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(is => !is)}
        onPointerEnter={() => pointAt(step)}
        onPointerLeave={() => pointAt(undefined)}
        onFocus={() => pointAt(step)}
        onBlur={() => pointAt(undefined)}
        style={{ paddingInlineStart: 4 + depth * 14 }}
        className="flex h-7 w-full items-center gap-2 rounded-control pe-1 text-start hover:bg-hover coarse:h-10"
      >
        <Icon of={sign.icon} className={cx("size-5 shrink-0 rounded-tag p-0.5", sign.className)} />
        <span className={cx("max-w-[45%] shrink-0 truncate font-medium", isBad(row) && "text-bad")}>
          {nameOf(row)}
        </span>
        <span className="min-w-0 flex-1 truncate text-text-2" dir="auto">
          {told(bare ? row : safe, steps, types)}
        </span>
        {tokens > 0 && (
          <span className="shrink-0 text-caption text-text-3 tabular-nums @max-sm:hidden">
            {t("%{toLocaleString} tokens", { toLocaleString: tokens.toLocaleString("en") })}
            {typeof call?.costUsd === "number" && ` · ${cost(call.costUsd)}`}
          </span>
        )}
        <Bar row={row} axis={axis} />
        <span className="w-14 shrink-0 text-end text-caption text-text-3 tabular-nums">
          {row.ms > 0
            ? t("%{value} ms", { value: row.ms < 10 ? row.ms.toFixed(1) : Math.round(row.ms) })
            : "–"}
        </span>
      </button>
      {open && (
        <div className="flex flex-col gap-3 pt-1 pb-3" style={{ paddingInlineStart: 8 + depth * 14 }}>
          {step !== undefined && onStep && (
            <button
              type="button"
              className="min-h-6 self-start rounded-control px-1 text-accent-text underline"
              onClick={() => onStep(String(trace?.payload["workflowId"]), step)}
            >
              {t("Show on canvas")}
            </button>
          )}
          {safe !== row && (
            <Button
              dense
              look="quiet"
              icon={bare ? EyeOff : Eye}
              className="self-start"
              onClick={() => setBare(is => !is)}
            >
              {bare ? t("Hide personal values") : t("Show personal values")}
            </Button>
          )}
          <Suspense>
            <TraceDetail row={bare ? row : safe} />
          </Suspense>
        </div>
      )}
    </li>
  );
}

/** From when to when, on the axis of the whole turn. */
function Bar({ row: { at, ms }, axis: { from, to } }: Pick<TraceRowProps, "row" | "axis">) {
  const share = (value: number) => Math.min(100, Math.max(0, (value / (to - from)) * 100));
  return (
    <span className="relative h-1.5 w-16 shrink-0 rounded-pill bg-sunken @md:w-28" aria-hidden="true">
      {Number.isFinite(at) && (
        <span
          className="absolute h-1.5 rounded-pill bg-accent"
          style={{
            insetInlineStart: `${Math.min(97, share(at - from))}%`,
            width: `${Math.max(3, Math.min(share(ms), 100 - share(at - from)))}%`,
          }}
        />
      )}
    </span>
  );
}

/** Whether something went wrong there. */
export function isBad({ trace, call, ok }: Row): boolean {
  const { type, payload } = trace ?? { type: "", payload: {} as Record<string, unknown> };
  return (
    ok === false ||
    Boolean(call?.error) ||
    type === "error" ||
    (type === "debug" && payload["level"] !== "info") ||
    Boolean(payload["error"])
  );
}

const PLAIN = "text-text-3";
const CALLS: Readonly<Record<string, { readonly name: string; readonly icon: LucideIcon }>> = {
  model: { name: t("Model"), icon: Bot },
  http: { name: t("Request"), icon: Globe },
  mail: { name: t("Mail"), icon: MessageSquareText },
  mcp: { name: t("MCP"), icon: Globe },
  search: { name: t("Search"), icon: FileSearch },
  code: { name: t("Code"), icon: SquareCode },
};

function signOf(
  { kind, trace, call }: Row,
  types: ReadonlyMap<string, StepType>,
): { icon: LucideIcon; className: string } {
  if (kind === "step") return familyOf(types.get(String(trace?.payload["type"]))?.family);
  if (call)
    return {
      icon: CALLS[call.kind]?.icon ?? Dot,
      className: call.kind === "model" ? "bg-ai-soft text-ai" : PLAIN,
    };
  if (kind === "model") return { icon: Bot, className: "bg-ai-soft text-ai" };
  if (kind === "tool") return { icon: Wrench, className: "bg-data-soft text-data" };
  const icons: Record<string, LucideIcon> = {
    text: MessageSquareText,
    "completion-start": MessageSquareText,
    knowledge: FileSearch,
    error: CircleAlert,
    debug: Bug,
  };
  return { icon: icons[trace?.type ?? ""] ?? Dot, className: PLAIN };
}

function nameOf({ kind, trace, call }: Row): string {
  if (call) return CALLS[call.kind]?.name ?? call.kind;
  if (kind === "step") return titleOf(String(trace?.payload["type"]));
  if (kind === "model") return t("Model");
  if (kind === "tool") return String(trace?.payload["toolName"]);
  return trace?.type === "completion-start" ? t("Answer") : inWords((trace?.type ?? "").replaceAll("_", "-"));
}

/** The one thing of a row that says most. */
function told(row: Row, steps: TraceRowProps["steps"], types: TraceRowProps["types"]): string {
  const { kind, trace, call, args, said } = row;
  if (call) {
    if (call.error) return call.error;
    if (call.kind === "model") return call.model ?? (call.mocked ? "mocked" : "");
    const asked = (call.request ?? {}) as Record<string, unknown>;
    return typeof call.request === "string"
      ? call.request
      : [asked["method"], asked["url"] ?? asked["query"] ?? asked["tool"] ?? asked["server"]]
          .filter(Boolean)
          .join(" ");
  }
  const payload = trace?.payload ?? {};
  if (said !== undefined) return said;
  if (kind === "tool") return args ?? "";
  if (kind === "step") {
    const changed = Object.keys((payload["changed"] ?? {}) as object);
    const step = steps.get(placeOf(payload["workflowId"], payload["stepId"]));
    // By its type it is called already.
    const name = step ? step.name : payload["stepId"];
    const port = typeof payload["port"] === "string" ? `→ ${wayOf(payload["port"], step, types)}` : "";
    return [name, port, changed.length > 0 && t("sets %{join}", { join: changed.join(", ") })]
      .filter(Boolean)
      .join(" ");
  }
  if (Array.isArray(payload["buttons"])) return payload["buttons"].map(each => each.label).join(", ");
  for (const name of ["message", "text", "toolName", "name", "query", "reason", "title", "url"]) {
    if (typeof payload[name] === "string") return payload[name];
  }
  return typeof payload["to"] === "string" ? `${payload["from"]} → ${payload["to"]}` : "";
}

/** Where a step is, to find it by. */
export const placeOf = (workflowId: unknown, stepId: unknown) => `${workflowId}/${stepId}`;

/** What a way out is called on the canvas. */
function wayOf(port: string, step: Step | undefined, types: TraceRowProps["types"]): string {
  const ports = step ? portsOf(step, types.get(step.type), [port]) : [];
  return ports.find(each => each.id === port)?.label ?? port;
}

/** US dollars, as far as they tell something: `$0.0012`. */
export function cost(usd: number): string {
  return usd === 0 ? "$0" : `$${usd < 0.01 ? usd.toPrecision(2) : usd.toFixed(2)}`;
}

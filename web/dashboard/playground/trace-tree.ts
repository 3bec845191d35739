import type { Schema } from "@client/api";
import type { Trace, Turn } from "@client/traces";

export type TurnCall = Schema<"TurnCall">;
export type Told = Turn["traces"][number];

export type RowKind = "step" | "model" | "tool" | "call" | "trace";

/** One thing that happened in a turn, in its place below the turn. */
export interface Row {
  readonly id: string;
  readonly kind: RowKind;
  /** 0: of the turn itself. */
  readonly depth: number;
  /** When it began, in ms since 1970, and how long it took. */
  readonly at: number;
  readonly ms: number;
  readonly trace?: Told;
  readonly call?: TurnCall;
  /** What a model has said so far, whose call is not known yet. */
  readonly said?: string;
  /** The arguments of a tool, as the model wrote them. */
  readonly args?: string;
  readonly ok?: boolean;
}

interface Node extends Omit<Row, "depth" | "id"> {
  id: string;
  /** Where in the journal what it asked for begins. */
  readonly place?: string;
  readonly inner: Node[];
}

/**
 * A turn as rows, nested: what a step did stands below it, the tools of a model's answer below that call. Without the
 * calls, as while it runs, a model's row is what it says.
 */
export function rowsOf(turn: Turn, known?: readonly TurnCall[]): readonly Row[] {
  const calls = known ?? [];
  const isLive = known === undefined;
  const left = new Set(calls);
  const times = timesOf(turn, calls);
  const top: Node[] = [];
  let group: Told[] = [];
  const visits = new Map<string, number>();
  for (const trace of turn.traces) {
    if (trace.type !== "step") {
      group.push(trace);
      continue;
    }
    const step = `${trace.payload["workflowId"]}/${trace.payload["stepId"]}`;
    const visit = (visits.get(step) ?? 0) + 1;
    visits.set(step, visit);
    const key = `${step}#${visit}`;
    const own = [...left].filter(({ place }) => place.startsWith(`${key}/`) || place.includes(`/${key}/`));
    for (const each of own) left.delete(each);
    const at = Date.parse(String(trace.payload["startedAt"]));
    top.push({
      id: trace.id,
      kind: "step",
      at,
      ms: durationOf(trace),
      trace,
      inner: nested(group, own, times, isLive),
    });
    group = [];
  }
  top.push(...nested(group, [...left], times, isLive));
  return flat(top, 0);
}

/** From where to where the rows of a turn go: the axis that they share, in ms since 1970. */
export function axisOf(rows: readonly Row[]): { readonly from: number; readonly to: number } {
  const timed = rows.filter(row => Number.isFinite(row.at));
  const from = Math.min(...timed.map(row => row.at));
  const to = Math.max(...timed.map(row => row.at + row.ms));
  return timed.length > 0 ? { from, to: Math.max(to, from + 1) } : { from: 0, to: 1 };
}

/** When each call began; one that tells no time began with the one before it. */
function timesOf(turn: Turn, calls: readonly TurnCall[]): ReadonlyMap<TurnCall, number> {
  const times = new Map<TurnCall, number>();
  const first = turn.traces[0];
  let now = first ? timeOf(first) : Number.NaN;
  for (const call of calls) {
    if (call.startedAt) now = Date.parse(call.startedAt);
    times.set(call, now);
  }
  return times;
}

/** The traces and calls of one step, each tool below the model that called it and each call below its tool. */
function nested(
  traces: readonly Told[],
  calls: readonly TurnCall[],
  times: ReadonlyMap<TurnCall, number>,
  isLive: boolean,
): Node[] {
  const models: Node[] = [];
  const tools: Node[] = [];
  const top: Node[] = [];
  for (const call of calls) {
    if (call.kind === "model") models.push(nodeOf(call, times));
  }
  // The row that was there while it spoke goes on as the call's, open or not.
  const starts = traces.filter(each => each.type === "completion-start");
  for (const [index, node] of models.filter(each => each.call?.answer?.text).entries())
    node.id = starts[index]?.id ?? node.id;
  top.push(...models);
  let asked: Told | undefined;
  for (const trace of traces) {
    const { payload } = trace;
    if (trace.type === "tool_call") {
      asked = trace;
    } else if (trace.type === "tool-call" && payload["phase"] === "start") {
      const id = String(payload["callId"]);
      const model = models.findLast(each => each.call?.answer?.calls?.some(made => made.id === id));
      const number = model?.call?.answer?.calls?.findIndex(made => made.id === id) ?? -1;
      const end = traces.find(
        each =>
          each.type === "tool-call" &&
          each.payload["phase"] === "end" &&
          each.payload["callId"] === payload["callId"],
      );
      const args = asked?.payload["name"] === payload["toolName"] ? asked?.payload["argsJson"] : undefined;
      const node: Node = {
        id: trace.id,
        kind: "tool",
        at: timeOf(trace),
        ms: end ? durationOf(end) : 0,
        trace,
        args: typeof args === "string" ? args : undefined,
        ok: end ? end.payload["ok"] !== false : undefined,
        place: model && `${model.call?.place.replace(/\/model$/, "")}/call${number + 1}`,
        inner: [],
      };
      tools.push(node);
      (model?.inner ?? top).push(node);
      asked = undefined;
    } else if (trace.type !== "tool-call" && !/^completion-(continue|end)$/.test(trace.type)) {
      // What a model said stands in its call, once that is known.
      if (trace.type === "completion-start" && models.length > 0) continue;
      if (trace.type === "completion-start" && isLive) top.push(speaking(trace, traces));
      else
        top.push({ id: trace.id, kind: "trace", at: timeOf(trace), ms: durationOf(trace), trace, inner: [] });
    }
  }
  for (const call of calls) {
    if (call.kind === "model") continue;
    const tool = tools.find(
      ({ place }) => place && (call.place === place || call.place.startsWith(`${place}/`)),
    );
    (tool?.inner ?? top).push(nodeOf(call, times));
  }
  return sorted(top);
}

/** A model's row while all that is known of it is what it says. */
function speaking(start: Told, traces: readonly Told[]): Node {
  let said = "";
  let last: Told = start;
  for (const each of traces.slice(traces.indexOf(start))) {
    if (each !== start && each.type === "completion-start") break;
    if (!each.type.startsWith("completion-")) continue;
    said += String(each.payload["text"] ?? "");
    last = each;
  }
  return {
    id: start.id,
    kind: "model",
    at: timeOf(start),
    ms: timeOf(last) - timeOf(start) || 0,
    trace: start,
    said,
    inner: [],
  };
}

function nodeOf(call: TurnCall, times: ReadonlyMap<TurnCall, number>): Node {
  const at = times.get(call) ?? Number.NaN;
  return {
    id: call.place,
    kind: call.kind === "model" ? "model" : "call",
    at,
    ms: call.durationMs ?? 0,
    call,
    inner: [],
  };
}

function sorted(nodes: readonly Node[]): Node[] {
  return nodes.toSorted((one, other) => one.at - other.at);
}

function flat(nodes: readonly Node[], depth: number): Row[] {
  return nodes.flatMap(({ inner, place: _, ...row }) => [
    { ...row, depth },
    ...flat(sorted(inner), depth + 1),
  ]);
}

function timeOf({ time }: Trace): number {
  return time ? Date.parse(time) : Number.NaN;
}

function durationOf({ payload }: Trace): number {
  return typeof payload["durationMs"] === "number" ? payload["durationMs"] : 0;
}

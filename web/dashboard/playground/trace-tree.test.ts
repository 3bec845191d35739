import type { Turn } from "@client/traces";
import { expect, test } from "vitest";
import { axisOf, rowsOf, type TurnCall } from "./trace-tree";

const at = (ms: number) => new Date(Date.UTC(2026, 10, 26, 12) + ms).toISOString();

function trace(id: string, type: string, ms: number, payload: object) {
  return { id, type, time: at(ms), payload: payload as Record<string, unknown> };
}

function call(
  place: string,
  kind: TurnCall["kind"],
  ms: number | null,
  more: Partial<TurnCall> = {},
): TurnCall {
  return {
    place,
    kind,
    startedAt: ms === null ? null : at(ms),
    durationMs: 40,
    model: null,
    prompt: null,
    answer: null,
    inputTokens: null,
    outputTokens: null,
    costUsd: null,
    request: null,
    response: null,
    mocked: false,
    error: null,
    ...more,
  };
}

const step = (id: string, ms: number, took: number) =>
  trace(`turn/${id}`, "step", ms + took, {
    workflowId: "main",
    stepId: id,
    type: "agent",
    startedAt: at(ms),
    durationMs: took,
  });
const turn: Turn = {
  id: "turn",
  done: true,
  traces: [
    step("start", 0, 1),
    trace("turn/ask", "tool_call", 55, { name: "price", argsJson: '{"of":"Cargo"}' }),
    trace("turn/tool", "tool-call", 56, { phase: "start", toolName: "price", callId: "c1" }),
    trace("turn/done", "tool-call", 76, {
      phase: "end",
      toolName: "price",
      callId: "c1",
      ok: true,
      durationMs: 20,
    }),
    trace("turn/said", "completion-start", 120, { text: "15" }),
    trace("turn/more", "completion-continue", 121, { text: " euros" }),
    step("agent", 10, 130),
    trace("turn/end", "end", 140, {}),
  ],
};
const calls = [
  call("main/agent#1/round1/model", "model", 12, {
    answer: {
      role: "assistant",
      text: "",
      name: null,
      calls: [{ id: "c1", name: "price", arguments: "{}" }],
    },
  }),
  call("main/agent#1/round1/call1/call1", "http", 57),
  call("main/agent#1/round2/model", "model", 80),
];
const told = (rows: ReturnType<typeof rowsOf>) => rows.map(row => `${row.depth} ${row.kind} ${row.id}`);

test("a tool stands below the model that called it, and what it called below the tool", () => {
  expect(told(rowsOf(turn, calls))).toEqual([
    "0 step turn/start",
    "0 step turn/agent",
    "1 model main/agent#1/round1/model",
    "2 tool turn/tool",
    "3 call main/agent#1/round1/call1/call1",
    "1 model main/agent#1/round2/model",
    "0 trace turn/end",
  ]);
});

test("without the calls, and without the step's own trace yet, the rest is there", () => {
  const running = { ...turn, done: false, traces: turn.traces.slice(0, 5) };
  expect(told(rowsOf(running))).toEqual(["0 step turn/start", "0 tool turn/tool", "0 model turn/said"]);
});

test("a model's row is there while it speaks, and stays the same one once its call is known", () => {
  const running = { ...turn, done: false, traces: turn.traces.slice(0, 6) };
  expect(rowsOf(running).at(-1)).toMatchObject({ kind: "model", said: "15 euros", ms: 1 });
  const answer = { role: "assistant" as const, text: "15 euros", name: null, calls: [] };
  const known = calls.with(2, { ...(calls[2] as TurnCall), answer });
  expect(told(rowsOf(turn, known))).toContain("1 model turn/said");
});

test("all rows of a turn share one axis", () => {
  const { from, to } = axisOf(rowsOf(turn, calls));
  expect(to - from).toBe(140);
});

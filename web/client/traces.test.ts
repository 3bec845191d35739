import { expect, test } from "vitest";
import { type Conversation, EMPTY, type Happening, reduce, type Trace } from "./traces";

function play(...happenings: Happening[]): Conversation {
  return happenings.reduce(reduce, EMPTY);
}

function traces(...list: [string, Record<string, unknown>][]): Happening[] {
  return list.map(([type, payload], n) => ({
    type: "trace",
    turnId: "t",
    id: `t/${n}`,
    trace: { type, payload } as Trace,
  }));
}

test("what the person said clears the buttons and is marked when it could not be sent", () => {
  const asked = play(...traces(["buttons", { buttons: [{ id: "b", label: "Yes", value: "yes" }] }]));
  expect(asked.buttons).toHaveLength(1);
  const said = reduce(asked, { type: "said", id: "m1", text: "yes" });
  expect(said.buttons).toEqual([]);
  expect(reduce(said, { type: "not-sent", id: "m1" }).items).toEqual([
    { kind: "user", id: "m1", text: "yes", time: undefined, failed: true },
  ]);
});

test("deltas become one text, and items before it stay the same objects", () => {
  const before = play(
    { type: "said", id: "m1", text: "Hi" },
    ...traces(["completion-start", { text: "Hel" }]),
  );
  const after = reduce(before, {
    type: "trace",
    turnId: "t",
    id: "t/1",
    trace: { type: "completion-continue", payload: { text: "lo" } },
  });
  expect(after.items[0]).toBe(before.items[0]);
  expect(after.items[1]).toMatchObject({ kind: "text", text: "Hello", streaming: true });
  const ended = reduce(after, {
    type: "trace",
    turnId: "t",
    id: "t/2",
    trace: { type: "completion-end", payload: {} },
  });
  expect(ended.items[1]).toMatchObject({ text: "Hello", streaming: false });
});

test("an event that comes twice, after a resumed stream, changes nothing", () => {
  const once = play(...traces(["text", { message: "Hello" }]));
  expect(reduce(once, traces(["text", { message: "Hello" }])[0] as Happening)).toBe(once);
});

test("an answer carries the sources that came before it, and only that one", () => {
  const source = { documentId: "d", name: "Returns", chunkId: "c", score: 0.9, excerpt: "30 days" };
  const shown = play(
    ...traces(
      ["knowledge", { query: "q", sources: [source] }],
      ["text", { message: "30 days." }],
      ["text", { message: "More?" }],
    ),
  );
  expect(shown.items.map(item => item.kind === "text" && item.sources.length)).toEqual([1, 0]);
});

test("a turn keeps every trace, shown or not", () => {
  const shown = play(
    { type: "turn-began", turnId: "t" },
    ...traces(
      ["debug", { level: "info", message: "x" }],
      ["step", { stepId: "s" }],
      ["text", { message: "a" }],
    ),
    { type: "turn-ended", turnId: "t" },
  );
  expect(shown.turns).toHaveLength(1);
  expect(shown.turns[0]?.traces.map(trace => trace.type)).toEqual(["debug", "step", "text"]);
  expect(shown.turns[0]?.done).toBe(true);
  expect(shown.items).toHaveLength(1);
  expect(shown.typing).toBe(false);
});

test("a stream that breaks off is not left blinking", () => {
  const shown = play(...traces(["completion-start", { text: "Hel" }]), { type: "turn-ended", turnId: "t" });
  expect(shown.items[0]).toMatchObject({ text: "Hel", streaming: false });
});

test("each kind of message has its item", () => {
  const shown = play(
    ...traces(
      ["image", { url: "https://a.example/x.png", alt: "x" }],
      ["card", { title: "A", buttons: [] }],
      ["carousel", { cards: [{ title: "A", buttons: [] }] }],
      ["badge", { text: "New", tone: "ok" }],
      ["handoff", { target: "person", reason: "asked" }],
      ["error", { code: "MODEL_FAILED", message: "No answer." }],
      ["end", {}],
    ),
  );
  expect(shown.items.map(item => item.kind)).toEqual([
    "media",
    "cards",
    "cards",
    "badge",
    "handoff",
    "error",
    "end",
  ]);
  expect(shown.ended).toBe(true);
  expect(reduce(shown, { type: "reset" })).toBe(EMPTY);
});

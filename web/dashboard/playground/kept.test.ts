import { type Conversation, EMPTY, reduce } from "@client/traces";
import { renderHook } from "@testing-library/react";
import { beforeEach, expect, test, vi } from "vitest";

let page: typeof import("./kept");

/** The same tab, its page loaded anew. */
const load = async () => {
  vi.resetModules();
  page = await import("./kept");
};

beforeEach(async () => {
  sessionStorage.clear();
  await load();
});

const say = (conversation: Conversation, id: string) => {
  const said = reduce(conversation, { type: "said", id, text: id });
  const trace = { type: "text", payload: { message: `You say ${id}` } };
  const told = reduce(said, { type: "trace", turnId: `turn-${id}`, id: `${id}/0`, trace });
  return reduce(told, { type: "turn-ended", turnId: `turn-${id}` });
};
const first = say(EMPTY, "one");
const conversation = say(first, "two");
const turn = (id: string, shown: Conversation) => ({
  turnId: `turn-${id}`,
  userId: "playground-1",
  shown,
  action: { type: "text" as const, payload: id },
  said: { id, text: id },
});
const test1 = {
  userId: "playground-1",
  conversation,
  isElsewhere: false,
  taken: [turn("one", EMPTY), turn("two", first)],
};

test("a test is there again after a reload, with what was shown before each of its turns", async () => {
  renderHook(() => page.useKeptTest("proj_1", test1, false));
  await load();
  expect(page.keptTest("proj_1")).toEqual(test1);
});

test("a page that begins before the last one has ended has all that was shown", () => {
  const { rerender } = renderHook(({ now }) => page.useKeptTest("proj_1", now, true), {
    initialProps: { now: test1 },
  });
  const more = { ...test1, conversation: say(conversation, "three") };
  rerender({ now: more });
  expect(page.keptTest("proj_1")).toBe(more);
});

test("each project has its own", () => {
  renderHook(() => page.useKeptTest("proj_1", test1, false));
  expect(page.keptTest("proj_2")).toBeUndefined();
});

test("what is too long to be kept is only lost by a reload", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new DOMException("", "QuotaExceededError");
  });
  renderHook(() => page.useKeptTest("proj_1", test1, false));
  vi.restoreAllMocks();
  expect(page.keptTest("proj_1")).toEqual(test1);
});

import type { Item } from "@client/traces";
import { expect, test } from "vitest";
import { ratedTurns, type Said, saidBy } from "./ratings";

const text = (id: string, words: string, turnId: string): Item => ({
  ...{ kind: "text", id, text: words, turnId, streaming: false, sources: [] },
});
const said = (id: string, role: Said["role"], content: string, rating?: "up" | "down"): Said => ({
  ...{ id, role, content, createdAt: "2026-11-26T12:00:00.000Z", rating, comment: null },
});

test("answers that say the same are told apart by their order, and rated where they stand", () => {
  const items = [text("a", "Hello", "t1"), text("b", "Sure. ", "t2"), text("c", "Sure.", "t3")];
  const messages = [
    said("m1", "assistant", "Hello"),
    said("m2", "user", "Sure."),
    said("m3", "assistant", "Sure."),
    said("m4", "assistant", "Sure.", "down"),
    said("m5", "assistant", "Not shown", "up"),
  ];
  const found = saidBy(items, messages);
  expect([...found].map(([item, { id }]) => [item, id])).toEqual([
    ["a", "m1"],
    ["b", "m3"],
    ["c", "m4"],
  ]);
  expect([...ratedTurns(items, found)]).toEqual(["t3"]);
});

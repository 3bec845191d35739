import { expect, it } from "vitest";
import { type Ask, arranged } from "./arrange";

/** A fork: `a` leads to each of `then`, which stand as far down as they say. */
const fork = (then: Readonly<Record<string, number>>): Ask => ({
  boxes: [
    { id: "a", width: 240, height: 96, y: 0 },
    ...Object.entries(then).map(([id, y]) => ({ id, width: 240, height: 96, y })),
  ],
  lines: Object.keys(then).map(to => ({ from: "a", to })),
});

const downwards = (ask: Ask, ...ids: string[]) => {
  const places = arranged(ask);
  return ids.sort((one, other) => (places[one]?.y ?? 0) - (places[other]?.y ?? 0));
};

it("stands what follows to the right, and what goes apart below each other", () => {
  const places = arranged(fork({ b: 0, c: 0 }));
  expect(places["b"]?.x).toBe(places["c"]?.x);
  expect(places["b"]?.x).toBeGreaterThan((places["a"]?.x ?? 0) + 240);
  expect(Math.abs((places["b"]?.y ?? 0) - (places["c"]?.y ?? 0))).toBeGreaterThanOrEqual(96 + 32 - 8);
});

it("keeps the order of a pair that was swapped by hand", () => {
  expect(downwards(fork({ b: 0, c: 200, d: 400 }), "b", "c", "d")).toEqual(["b", "c", "d"]);
  expect(downwards(fork({ b: 200, c: 0, d: 400 }), "b", "c", "d")).toEqual(["c", "b", "d"]);
  expect(downwards(fork({ b: 400, c: 200, d: 0 }), "b", "c", "d")).toEqual(["d", "c", "b"]);
});

it("keeps it where ways would cross, which an order of its own would avoid", () => {
  const boxes = Object.entries({ a: 0, b: 0, c: 200, d: 200, e: 0 }).map(([id, y]) => ({
    ...{ id, y },
    width: 240,
    height: 96,
  }));
  // a > b > d and a > c > e: uncrossed, d would stand above e.
  const lines = ["ab", "ac", "bd", "ce"].map(([from = "", to = ""]) => ({ from, to }));
  expect(downwards({ boxes, lines }, "d", "e")).toEqual(["e", "d"]);
  expect(downwards({ boxes, lines }, "b", "c")).toEqual(["b", "c"]);
});

it("tidies the same twice", () => {
  const ask = fork({ b: 80, c: 0, d: 40 });
  const once = arranged(ask);
  const again = arranged({
    ...ask,
    boxes: ask.boxes.map(each => ({ ...each, y: once[each.id]?.y ?? 0 })),
  });
  expect(again).toEqual(once);
});

it("takes loops and steps that nothing leads to", () => {
  const boxes = ["a", "b", "lone"].map((id, index) => ({ id, y: index * 100, width: 240, height: 80 }));
  const lines = [
    { from: "a", to: "b" },
    { from: "b", to: "a" },
    { from: "a", to: "a" },
  ];
  const places = arranged({ boxes, lines });
  expect(Object.values(places).every(({ x, y }) => Number.isFinite(x) && Number.isFinite(y))).toBe(true);
});

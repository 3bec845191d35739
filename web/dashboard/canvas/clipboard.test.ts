import { expect, test } from "vitest";
import type { Workflow } from "../editing/flow";
import { shapesOf } from "../editing/shapes";
import { type Pasted, pasted, placed } from "./clipboard";

const shapes = shapesOf({
  steps: ["start", "message", "end"].map(type => ({ type, configSchema: {} })),
  tools: [],
} as never);
const snippet = (parts: object) => pasted(JSON.stringify({ kind: "conduet/steps", ...parts }), shapes);
const taken = (parts: object) => snippet(parts) as Pasted;
const EMPTY = { id: "main", name: "", steps: [], connections: [], notes: [] } as Workflow;

test("what a snippet leaves out is there as the API says it is by default", () => {
  const { steps, connections, belongings } = taken({
    steps: [
      { id: "a", type: "message" },
      { id: "b", type: "end", position: { x: "left" } },
    ],
    connections: [{ source: "a", target: "b" }, { source: "a", target: "elsewhere" }, null],
    playbooks: [{ id: "p" }],
  });
  expect(steps.map(each => [each.config, each.position])).toEqual([
    [{}, { x: 0, y: 0 }],
    [{}, { x: 320, y: 0 }],
  ]);
  const [from, to] = steps.map(each => each.id);
  expect(connections).toEqual([{ id: expect.any(String), source: from, sourcePort: "next", target: to }]);
  expect(belongings.playbooks[0]).toMatchObject({ inputs: [], exits: [], toolIds: [] });
  expect(taken({ steps: [{ id: "a", type: "message" }] }).connections).toEqual([]);
});

test("a start stays where it was, with what led from it", () => {
  const { steps, connections } = taken({
    steps: [
      { id: "s", type: "start" },
      { id: "a", type: "message" },
    ],
    connections: [{ source: "s", sourcePort: "next", target: "a" }],
  });
  expect([steps.map(each => each.type), connections]).toEqual([["message"], []]);
});

test("each step has an id of its own, also where a snippet says the same one twice", () => {
  const { steps } = taken({
    steps: [
      { id: "a", type: "message" },
      { id: "a", type: "message" },
    ],
  });
  expect(new Set(["a", ...steps.map(each => each.id)]).size).toBe(steps.length + 1);
});

test("what cannot be pasted says why, and what is no snippet says nothing", () => {
  expect(snippet({ steps: [{ id: "a", type: "telepathy" }] })).toBe("There is no step type telepathy here.");
  for (const steps of [undefined, {}, [null], [{ id: "a" }], [{ id: "a", type: "message", config: "x" }]])
    expect(snippet({ steps })).toBe("The steps in this text cannot be read.");
  for (const text of ["Hello", "null", "[]", "{}"]) expect(pasted(text, shapes)).toBeUndefined();
});

test("what is pasted lies with its middle at a place, and covers nothing when it is pasted there again", () => {
  const steps = [
    { id: "a", type: "message" },
    { id: "b", type: "message", position: { x: 400, y: 8 } },
  ];
  let flow = EMPTY;
  const places = [1, 2, 3].map(() => {
    const { steps: made } = placed(taken({ steps }), flow, { x: 1000, y: 1000 });
    flow = { ...flow, steps: [...flow.steps, ...made] };
    return made.map(each => each.position);
  });
  const [[first, second] = [], ...later] = places;
  expect([first?.x, second?.x].map(each => Math.abs((each ?? 0) + 120 - 1000))).toEqual([200, 200]);
  expect(later.map(([each]) => [(each?.x ?? 0) - (first?.x ?? 0), (each?.y ?? 0) - (first?.y ?? 0)])).toEqual(
    [
      [40, 40],
      [80, 80],
    ],
  );
  expect(placed(taken({ steps }), EMPTY, "beside").steps.map(each => each.position)).toEqual([
    { x: 40, y: 40 },
    { x: 440, y: 48 },
  ]);
});

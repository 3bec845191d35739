import type { Workflow } from "@dashboard/editing/flow";
import { expect, it } from "vitest";
import { drawn, placesOf, union } from "./union";

const step = (id: string, text = id, x = 0) => ({
  id,
  type: "message",
  config: { text },
  position: { x, y: 0 },
});
const wire = (id: string, source: string, target: string) => ({ id, source, sourcePort: "next", target });

const before = {
  id: "main",
  name: "Main",
  steps: [step("greet"), step("ask"), step("old")],
  connections: [wire("c1", "greet", "ask"), wire("c2", "ask", "old")],
} as unknown as Workflow;
const after = {
  id: "main",
  name: "Main",
  steps: [step("greet", "greet", 400), step("ask", "another"), step("new")],
  connections: [wire("c1", "greet", "ask"), wire("c2", "ask", "new"), wire("c3", "new", "greet")],
} as unknown as Workflow;

it("shows what is gone beside what is new, and marks both", () => {
  const found = union(before, after);
  expect(found?.workflow.steps.map(each => each.id)).toEqual(["greet", "ask", "new", "old"]);
  expect(Object.fromEntries(found?.marks ?? [])).toEqual({
    ask: "changed",
    new: "added",
    old: "removed",
    c2: "changed",
    "c2 before": "removed",
    c3: "added",
  });
});

it("marks nothing where only places and the order of fields are other", () => {
  const moved = { ...before, steps: before.steps.map(each => ({ ...each, position: { x: 9, y: 9 } })) };
  expect(union(before, moved)?.marks.size).toBe(0);
});

it("shows notes that came, went and say something else, and no others", () => {
  const note = (id: string, text: string, x = 0) => ({ id, kind: "note", text, position: { x, y: 0 } });
  const noted = { ...before, notes: [note("a", "A"), note("b", "B"), note("c", "C")] };
  const later = { ...before, notes: [note("a", "A", 80), note("b", "Bee"), note("d", "D")] };
  const found = union(noted as unknown as Workflow, later as unknown as Workflow);
  expect(found?.workflow.notes.map(each => each.id)).toEqual(["a", "b", "d", "c"]);
  expect(Object.fromEntries(found?.marks ?? [])).toEqual({ b: "changed", d: "added", c: "removed" });
  const change = { what: "note", id: "d", kind: "added", workflowId: "main" } as never;
  expect([drawn([change]).length, found && placesOf(change, found)]).toEqual([1, ["d"]]);
});

it("shows a workflow that was removed as it was", () => {
  const found = union(before, undefined);
  expect(new Set(found?.marks.values())).toEqual(new Set(["removed"]));
  expect(found?.workflow.connections).toHaveLength(2);
});

it("leads to both ends of a connection", () => {
  const found = union(before, after);
  const change = { what: "connection", id: "c2", kind: "changed", workflowId: "main" };
  expect(found && placesOf(change as never, found)).toEqual(["ask", "new", "ask", "old"]);
  expect(drawn([change as never, { ...change, kind: "moved" } as never])).toHaveLength(1);
});

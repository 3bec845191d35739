import { expect, it } from "vitest";
import type { Step, Workflow } from "./flow";
import { aligned, distributed, downstream, grouped } from "./placed";

const step = (id: string, x = 0, y = 0, type = "message") =>
  ({ id, type, config: {}, position: { x, y } }) as unknown as Step;
const wire = (source: string, target: string, sourcePort = "next") => ({
  id: `${source}-${target}`,
  source,
  sourcePort,
  target,
});
const flow = (steps: Step[], ...connections: ReturnType<typeof wire>[]) =>
  ({ id: "main", name: "Main", steps, connections }) as unknown as Workflow;
const sizes = new Map(["a", "b", "c"].map((id, index) => [id, { width: 240, height: 80 + index * 16 }]));

it("brings steps in line at an edge, or in the middle", () => {
  const steps = [step("a", 0, 0), step("b", 40, 160), step("c", 16, 320)];
  expect([...aligned(steps, sizes, "left").values()].map(each => each.x)).toEqual([0, 0, 0]);
  expect([...aligned(steps, sizes, "right").values()].map(each => each.x)).toEqual([40, 40, 40]);
  const bottoms = [...aligned(steps, sizes, "bottom")].map(([id, { y }]) => y + (sizes.get(id)?.height ?? 0));
  expect(new Set(bottoms).size).toBe(1);
});

it("makes the gaps the same and lets the outermost stay", () => {
  const steps = [step("c", 0, 400), step("a", 0, 0), step("b", 0, 88)];
  const places = distributed(steps, sizes, "y");
  expect([places.get("a")?.y, places.get("c")?.y]).toEqual([0, 400]);
  expect(places.get("b")?.y).toBe(192);
});

it("finds what can be reached, around loops too", () => {
  const workflow = flow(
    [step("a"), step("b"), step("c"), step("d")],
    wire("a", "b"),
    wire("b", "a"),
    wire("b", "c"),
  );
  expect([...downstream(workflow, new Set(["a"]))].sort()).toEqual(["a", "b", "c"]);
});

it("puts steps into a workflow that a step in their place calls", () => {
  const workflow = flow(
    [step("s", 0, 0, "start"), step("a", 320), step("b", 640), step("c", 960)],
    wire("s", "a"),
    wire("a", "b"),
    wire("b", "c"),
  );
  const result = grouped(workflow, new Set(["a", "b"]), "Greeting");
  if (typeof result === "string") throw new Error(result);
  const { made, stepId } = result;
  expect(made.steps.map(each => each.type)).toEqual(["start", "message", "message"]);
  expect(made.connections.map(each => each.target)).toEqual(["a", "b"]);
  expect(result.workflow.steps.map(each => each.id)).toEqual(["s", "c", stepId]);
  expect(result.workflow.connections.map(each => [each.source, each.target])).toEqual([
    ["s", stepId],
    [stepId, "c"],
  ]);
});

it("takes along the notes that were chosen with the steps", () => {
  const note = {
    id: "n",
    kind: "note",
    text: "Why",
    position: { x: 0, y: 0 },
    size: { width: 240, height: 96 },
  };
  const workflow = { ...flow([step("a"), step("b")], wire("a", "b")), notes: [note, { ...note, id: "m" }] };
  const result = grouped(workflow as Workflow, new Set(["b", "n"]), "Part");
  if (typeof result === "string") throw new Error(result);
  expect(result.made.notes).toEqual([note]);
  expect(result.workflow.notes.map(each => each.id)).toEqual(["m"]);
});

it("says why steps cannot be one workflow", () => {
  const workflow = flow([step("a"), step("b"), step("x"), step("y")], wire("x", "a"), wire("y", "b"));
  expect(grouped(workflow, new Set(["a", "b"]), "No")).toContain("more than one place");
});

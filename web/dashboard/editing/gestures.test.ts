import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, test } from "vitest";
import type { Step, StepType, Workflow } from "./flow";
import { canFollow, refusal } from "./refusing";
import { earlier, later } from "./reordering";
import { touched } from "./touched";

const step = (id: string, type = "message"): Step =>
  ({ id, type, name: id, config: {}, position: { x: id.charCodeAt(0), y: 0 } }) as Step;
const wire = (source: string, target: string, sourcePort = "next") => ({
  id: `${source}-${sourcePort}`,
  source,
  sourcePort,
  target,
});
const type = (name: string, fixed: string[], waits = false) =>
  ({ type: name, ports: { fixed, from: [] }, waits }) as unknown as StepType;
const types = new Map([
  ["message", type("message", ["next"])],
  ["end", type("end", [])],
  ["capture", type("capture", ["next"], true)],
]);
const steps = [step("start", "start"), step("a"), step("b"), step("c", "capture")];
const flow = {
  id: "main",
  steps,
  connections: [wire("start", "a"), wire("a", "b"), wire("b", "c")],
} as unknown as Workflow;
const walk = (workflow: Workflow) => {
  const way: string[] = [];
  for (let at: string | undefined = "start"; at && way.length < 9; ) {
    way.push(at);
    at = workflow.connections.find(each => each.source === at)?.target;
  }
  return way.join(" ");
};

test("a way out leads anywhere but to the start, to a step that would follow itself, and to where it leads", () => {
  const from = { stepId: "a", port: "next" };
  expect(refusal(flow, types, from, "start")).toMatch(/begins here/);
  expect(refusal(flow, types, from, "a")).toBe("a would follow itself for ever: it waits for nobody.");
  expect(refusal(flow, types, from, "b")).toBe("It leads there already.");
  expect(refusal(flow, types, from, "c")).toBeUndefined();
  expect(refusal(flow, types, { stepId: "c", port: "next" }, "c")).toBeUndefined();
});

test("what stands between two steps leads on", () => {
  const of = (name: string) => types.get(name) as StepType;
  expect(canFollow(of("end"), false)).toBe(true);
  expect(canFollow(of("end"), true)).toBe(false);
  expect(canFollow(of("message"), true)).toBe(true);
});

test("a step goes one place earlier or later on its way, and they change places", () => {
  const up = earlier(flow, "b") as Workflow;
  expect(walk(up)).toBe("start b a c");
  expect(up.steps.find(each => each.id === "b")?.position).toEqual(steps[1]?.position);
  expect(walk(later(up, "b") as Workflow)).toBe("start a b c");
  expect(walk(earlier(flow, "c") as Workflow)).toBe("start a c b");
  expect(earlier(flow, "a")).toBe("a comes first already.");
  expect(later(flow, "c")).toBe("c leads nowhere.");
});

test("an edit is where its steps are, or where its connection comes from", () => {
  const document = (workflow: Workflow) => ({ workflows: [workflow] }) as unknown as ProjectDocument;
  const renamed = { ...flow, steps: steps.map(each => (each.id === "b" ? { ...each, name: "B" } : each)) };
  expect(touched(document(flow), document(renamed))).toEqual({ workflowId: "main", stepIds: ["b"] });
  const cut = { ...flow, connections: flow.connections.slice(0, 2) };
  expect(touched(document(flow), document(cut))).toEqual({ workflowId: "main", stepIds: ["b"] });
  expect(touched(document(flow), document({ ...flow }))).toBeUndefined();
});

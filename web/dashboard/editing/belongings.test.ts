import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, test } from "vitest";
import { belongingsOf, missingIn, readBelongings, withBelongings } from "./belongings";
import type { Step } from "./flow";

const document = {
  variables: [
    { name: "order", type: "text", environments: { production: "A1" } },
    { name: "nine", type: "number", environments: {} },
    { name: "seen", type: "text", environments: {} },
  ],
  tools: [
    {
      id: "tool_1",
      name: "Track",
      headers: [
        { name: "Authorization", value: "Bearer abc" },
        { name: "X-Key", value: "{{secret.key}}" },
      ],
    },
  ],
  playbooks: [{ id: "play_1", name: "Refund" }],
} as unknown as ProjectDocument;
const steps = [
  { id: "a", config: { text: "It opens at nine, {{ order.id }}", toolId: "tool_1" } },
  { id: "b", config: { rules: [{ expression: "seen == 1" }] } },
] as unknown as Step[];

test("steps take along what they name, without values of other environments and without secrets", () => {
  const found = belongingsOf(document, steps);
  expect(found.variables.map(each => [each["name"], each["environments"]])).toEqual([
    ["order", {}],
    ["seen", {}],
  ]);
  expect(found.tools).toEqual([
    {
      id: "tool_1",
      name: "Track",
      headers: [
        { name: "Authorization", value: "" },
        { name: "X-Key", value: "{{secret.key}}" },
      ],
    },
  ]);
  expect(found.playbooks).toEqual([]);
});

test("only what a project lacks is offered, and added", () => {
  const other = { variables: [{ name: "order" }], tools: [], playbooks: [] } as unknown as ProjectDocument;
  const missing = missingIn(other, belongingsOf(document, steps));
  expect(missing.variables.map(each => each["name"])).toEqual(["seen"]);
  const after = withBelongings(other, missing);
  expect(after.variables.map(each => each.name)).toEqual(["order", "seen"]);
  expect(after.tools).toHaveLength(1);
  expect(readBelongings({ variables: [{ name: "a" }, 3], tools: "x" })).toEqual({
    variables: [{ name: "a" }],
    tools: [],
    playbooks: [],
  });
});

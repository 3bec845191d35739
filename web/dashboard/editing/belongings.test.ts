import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, test } from "vitest";
import { belongingsOf, missingIn, readBelongings, withBelongings } from "./belongings";
import type { Step } from "./flow";
import { shapesOf } from "./shapes";

const of = (type: string, properties: object) => ({ type, configSchema: { properties } });
const shapes = shapesOf({
  steps: [
    of("set", { assignments: { items: { properties: { expression: { control: "expression" } } } } }),
    of("tool", { toolId: { control: "tool" }, outputs: { control: "variables" } }),
    of("code", { code: { control: "code" } }),
  ],
  tools: [of("api", { url: { control: "text" } })],
} as never);
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
  const found = belongingsOf(document, steps, shapes);
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
  const missing = missingIn(other, belongingsOf(document, steps, shapes));
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

test("steps take along what they compute with, what tools and playbooks name, and what code takes and gives", () => {
  const names = ["price", "amount", "kept", "city", "total", "taken", "given", "wish", "new"];
  const shop = {
    variables: names.map(name => ({ name })),
    tools: [
      { id: "t", type: "api", config: { url: "https://example.com/{{city}}" } },
      { id: "u", type: "api", config: { url: "https://example.com/{{total}}" } },
      { id: "v", type: "api", config: {} },
    ],
    playbooks: [{ id: "p", instructions: "{{wish}}", toolIds: ["u"] }],
  } as unknown as ProjectDocument;
  const drawn = [
    { type: "set", config: { assignments: [{ expression: "price * amount + 'new'" }] } },
    { type: "tool", config: { toolId: "t", outputs: { kept: "$.id" } } },
    { type: "agent", config: { playbookIds: ["p"] } },
    { type: "code", config: { code: "return { variables: { given: variables.taken } }" } },
  ] as unknown as Step[];
  const found = belongingsOf(shop, drawn, shapes);
  expect(found.variables.map(each => each["name"])).toEqual(names.filter(each => each !== "new"));
  expect(found.tools.map(each => each["id"])).toEqual(["t", "u"]);
  expect(found.playbooks.map(each => each["id"])).toEqual(["p"]);
});

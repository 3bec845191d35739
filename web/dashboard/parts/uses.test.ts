import type { ProjectDocument } from "@dashboard/data/projects";
import { shapesOf } from "@dashboard/editing/shapes";
import { expect, test } from "vitest";
import { renamed, usesOf } from "./uses";

const of = (properties: Record<string, unknown>, type: string) => ({ type, configSchema: { properties } });
const shapes = shapesOf({
  steps: [
    of({ text: { control: "textarea" } }, "message"),
    of({ items: { control: "expression" }, itemVariable: { control: "variable" } }, "loop"),
    of({ workflowId: { control: "workflow" }, inputs: { control: "variables" } }, "workflow"),
    of(
      {
        playbookId: { control: "playbook" },
        inputs: { control: "json", keys: "variable" },
        outputs: { control: "variables", rest: { control: "variable" } },
      },
      "playbook",
    ),
    of({ body: { control: "json" } }, "api"),
    of({ code: { control: "code" } }, "code"),
    {
      type: "condition",
      configSchema: {
        $defs: {
          Rule: {
            properties: {
              conditions: { control: "list", items: { $ref: "#/$defs/Test" } },
              expression: { control: "expression" },
            },
          },
          Test: { properties: { variable: { control: "variable" }, value: { control: "text" } } },
        },
        properties: { rules: { control: "list", items: { $ref: "#/$defs/Rule" } } },
      },
    },
  ],
  tools: [of({ url: { control: "text" }, map: { control: "list" } }, "api")],
} as never);

const EMPTY = {
  variables: [],
  workflows: [],
  tools: [],
  playbooks: [],
  pipelines: [],
  tests: [],
  behaviourConfig: {},
};
const documentOf = (parts: object) => ({ ...EMPTY, ...parts }) as unknown as ProjectDocument;
const withStep = (type: string, config: object) =>
  documentOf({
    workflows: [{ id: "main", name: "Main", steps: [{ id: "s", type, config }], connections: [] }],
  });
const renamedStep = (type: string, config: object) =>
  renamed(withStep(type, config), "orders", "purchases", shapes).workflows[0]?.steps[0]?.config;

test.each([
  [
    "orders | length > 0 and 'new orders today' != orders[0].name",
    "purchases | length > 0 and 'new orders today' != purchases[0].name",
  ],
  ['{"orders": orders, "n": 1e3} == x.orders', '{"orders": purchases, "n": 1e3} == x.orders'],
  ["x | orders", "x | orders"],
  ["a || orders", "a || purchases"],
  ["orders_old + my_orders", "orders_old + my_orders"],
  ['"it\\"s orders" + orders', '"it\\"s orders" + purchases'],
])("in the expression %s only the variable is renamed", (before, after) => {
  expect(renamedStep("loop", { items: before })).toEqual({ items: after });
  expect(renamedStep("message", { text: `orders: {{ ${before} }} {{` })).toEqual({
    text: `orders: {{ ${after} }} {{`,
  });
});

test.each<[string, string, object, object]>([
  [
    "a loop's list",
    "loop",
    { items: ["{{orders}}"], itemVariable: "orders" },
    { items: ["{{purchases}}"], itemVariable: "purchases" },
  ],
  [
    "what a workflow is given",
    "workflow",
    { inputs: { orders: "{{orders}}", a: "orders" } },
    { inputs: { purchases: "{{purchases}}", a: "orders" } },
  ],
  [
    "what a playbook is given and gives",
    "playbook",
    { inputs: { orders: "x" }, outputs: { orders: "orders" } },
    { inputs: { purchases: "x" }, outputs: { purchases: "purchases" } },
  ],
  [
    "rules",
    "condition",
    { rules: [{ conditions: [{ variable: "orders.size", value: "orders" }], expression: "orders" }] },
    { rules: [{ conditions: [{ variable: "purchases.size", value: "orders" }], expression: "purchases" }] },
  ],
  [
    "a body of JSON",
    "api",
    { body: { variable: "orders", list: ["{{orders}}"] } },
    { body: { variable: "orders", list: ["{{purchases}}"] } },
  ],
  [
    "a text in several languages",
    "message",
    { text: { en: "{{orders}}", de: "orders" } },
    { text: { en: "{{purchases}}", de: "orders" } },
  ],
  [
    "a type that the server does not tell of",
    "other",
    { saveTo: "orders", list: [{ expression: "orders" }] },
    { saveTo: "purchases", list: [{ expression: "purchases" }] },
  ],
])("%s is renamed as its fields say", (_, type, before, after) => {
  expect(renamedStep(type, before)).toEqual(after);
});

const document = documentOf({
  variables: [{ name: "orders" }],
  tools: [{ id: "t", type: "api", name: "Track", config: { url: "https://example.com/{{orders}}" } }],
  playbooks: [
    {
      id: "p",
      name: "Refund",
      instructions: "orders",
      inputs: ["orders", { name: "orders" }],
      exits: [{ id: "e", collects: ["orders"] }],
    },
  ],
  pipelines: [{ id: "l", name: "Weekly", targets: [{ connector: "x", config: { text: "{{orders}}" } }] }],
  prompts: { brand: "{{orders}}" },
  behaviourConfig: {
    agentHarness: { phases: [{ snapshotKeys: ["orders"], exit: [{ expression: "orders == 'orders'" }] }] },
  },
  tests: [
    {
      id: "c",
      name: "Case",
      variables: { orders: "{{orders}}" },
      turns: [
        {
          action: { type: "text", payload: "{{orders}}" },
          variables: { orders: 1 },
          expect: [{ variable: "orders.size", equals: "orders" }, { contains: "{{orders}}" }],
        },
      ],
    },
  ],
});

test("a variable is renamed in all parts and in tests, of which what is said stays", () => {
  const after = renamed(document, "orders", "purchases", shapes);
  expect(after.variables).toEqual([{ name: "purchases" }]);
  expect(after.tools[0]?.config).toEqual({ url: "https://example.com/{{purchases}}" });
  expect(after.playbooks[0]).toMatchObject({
    instructions: "orders",
    inputs: ["purchases", { name: "purchases" }],
    exits: [{ collects: ["purchases"] }],
  });
  expect(after.pipelines[0]?.targets[0]?.config).toEqual({ text: "{{purchases}}" });
  expect(after.prompts).toEqual({ brand: "{{purchases}}" });
  expect(after.behaviourConfig.agentHarness).toEqual({
    phases: [{ snapshotKeys: ["purchases"], exit: [{ expression: "purchases == 'orders'" }] }],
  });
  expect(after.tests[0]).toMatchObject({
    variables: { purchases: "{{orders}}" },
    turns: [
      {
        action: { payload: "{{orders}}" },
        variables: { purchases: 1 },
        expect: [{ variable: "purchases.size", equals: "orders" }, { contains: "{{orders}}" }],
      },
    ],
  });
});

test("what a document leaves out is left out still", () => {
  expect(Object.keys(renamed(documentOf({}), "orders", "purchases", shapes))).toEqual(Object.keys(EMPTY));
});

test("a variable is used wherever it would be renamed, and in code", () => {
  const used = (of: ProjectDocument) => usesOf(of, "variables", "orders", shapes).map(each => each.label);
  expect(used(document)).toEqual(["Track", "Refund", "Weekly", "Agent", "Case"]);
  expect(used(withStep("code", { code: "return variables.orders.length" }))).toHaveLength(1);
  expect(used(withStep("message", { text: "orders {{ 'orders' }}" }))).toEqual([]);
});

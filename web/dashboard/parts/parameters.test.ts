import { expect, test } from "vitest";
import { parametersOf, withParameters } from "./parameters";

const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    size: { type: "string", description: "How large", enum: ["small", "large"] },
    days: { type: "integer" },
    extras: { type: "array", items: { type: "string" } },
  },
  required: ["size"],
};

test("what a form can show comes back as it was", () => {
  const parameters = parametersOf(schema) ?? [];
  expect(parameters.map(each => `${each.name} ${each.type} ${each.required}`)).toEqual([
    "size string true",
    "days integer false",
    "extras string[] false",
  ]);
  expect(withParameters(schema, parameters)).toEqual(schema);
});

test("nothing yet is no parameter, and one that is added is in the schema", () => {
  expect(parametersOf({})).toEqual([]);
  const day = { name: "day", type: "string", description: "", required: true, choices: [] } as const;
  expect(withParameters({}, [day])).toEqual({
    type: "object",
    properties: { day: { type: "string" } },
    required: ["day"],
  });
});

test.each([
  ["an object within", { properties: { at: { type: "object", properties: {} } } }],
  ["a bound", { properties: { days: { type: "number", minimum: 1 } } }],
  ["a choice of schemas", { anyOf: [] }],
  [
    "a list of objects",
    { properties: { all: { type: "array", items: { type: "object", properties: {} } } } },
  ],
  ["several types", { properties: { day: { type: ["string", "null"] } } }],
  ["something else", "text"],
])("%s is for JSON", (_, more) => {
  expect(
    parametersOf(typeof more === "string" ? { type: more } : { type: "object", ...more }),
  ).toBeUndefined();
});

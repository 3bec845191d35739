import { expect, test } from "vitest";
import { argumentsOf, changesOf, type Told } from "./offer-changes";

const told = (properties: object, required: readonly string[] = [], description = "Finds bikes."): Told => ({
  description,
  inputSchema: { type: "object", properties, required },
});

test("what is needed comes first, each with its type", () => {
  const found = argumentsOf(
    told(
      {
        colours: { type: "array", items: { type: "string" } },
        size: { type: "number", description: "In inches." },
        gear: { enum: ["hub", "chain"] },
        until: { anyOf: [{ type: "string" }, { type: "null" }] },
        more: {},
      },
      ["size"],
    ),
  );
  expect(found).toEqual([
    { name: "size", type: "number", required: true, description: "In inches." },
    { name: "colours", type: "list of string", required: false, description: "" },
    { name: "gear", type: '"hub" | "chain"', required: false, description: "" },
    { name: "until", type: "string | null", required: false, description: "" },
    { name: "more", type: "anything", required: false, description: "" },
  ]);
});

test("each change of an argument is told in words", () => {
  const before = told({
    size: { type: "number", description: "In inches." },
    shop: { type: "string", description: "Its name." },
    gone: {},
  });
  const now = told(
    { size: { type: "string" }, shop: { type: "string", description: "Its id." }, days: { type: "integer" } },
    ["days", "shop"],
  );
  expect(changesOf(before, now)).toEqual([
    "It takes no gone any more.",
    "shop is needed now.",
    "shop was told of as “Its name.”, and is as “Its id.”.",
    "It needs days now (integer).",
    "size was number, and is string.",
    "size is not told of any more; it was as “In inches.”.",
  ]);
  expect(changesOf(told({ size: {} }), told({ size: { description: "In cm." } }))).toEqual([
    "size is told of now as “In cm.”.",
  ]);
});

test("what no words are for is still told", () => {
  const before = told({ size: { type: "number" } });
  expect(changesOf(before, told({ size: { type: "number", maximum: 9 } }))).toEqual([
    "What size has to be like has changed.",
  ]);
  const closed = { ...before, inputSchema: { ...before.inputSchema, additionalProperties: false } };
  expect(changesOf(before, closed)).toEqual(["What its arguments have to be like together has changed."]);
  expect(changesOf(before, before)).toEqual(["It has changed in something that is not shown here."]);
  expect(changesOf(before, told({ size: { type: "number" } }, [], "Sells bikes."))).toEqual([]);
});

test("a schema that is none has no arguments", () => {
  for (const inputSchema of [{}, { properties: null }, { properties: ["x"], required: "all" }])
    expect(argumentsOf({ description: "", inputSchema })).toEqual([]);
});

import type { Schema } from "@client/api";
import { LITERAL, type Shape, TEXTS, VARIABLE } from "./naming";

/** What fields there are in the configuration of each type of step and of tool. */
export interface Shapes {
  readonly steps: ReadonlyMap<string, Shape>;
  readonly tools: ReadonlyMap<string, Shape>;
}

/** As the server tells them; empty until it has. */
export function shapesOf(schema: Pick<Schema<"Schema">, "steps" | "tools"> | undefined): Shapes {
  const of = (types: readonly { readonly type: string; readonly configSchema: unknown }[] = []) =>
    new Map(types.map(each => [each.type, each.configSchema as Shape]));
  return { steps: of(schema?.steps), tools: of(schema?.tools) };
}

const PLAYBOOK: Shape = {
  properties: {
    inputs: { items: { ...VARIABLE, properties: { name: VARIABLE } } },
    exits: { items: { properties: { collects: VARIABLE } } },
  },
};

/** A conversation test: of what is said in it nothing is a template. */
export const TEST: Shape = {
  rest: LITERAL,
  properties: {
    variables: { control: "variables", rest: LITERAL },
    turns: {
      items: {
        rest: LITERAL,
        properties: {
          variables: { control: "variables", rest: LITERAL },
          expect: { items: { rest: LITERAL, properties: { variable: VARIABLE } } },
        },
      },
    },
  },
};

/** The fields of a tool, a playbook or a pipeline; `undefined`: the server tells of no such type of tool. */
export function partShape(
  kind: "tools" | "playbooks" | "pipelines",
  part: object,
  shapes: Shapes,
): Shape | undefined {
  if (kind === "playbooks") return PLAYBOOK;
  if (kind === "pipelines") return TEXTS;
  const config = shapes.tools.get((part as Schema<"ToolShape">).type);
  return config && { $defs: config.$defs, properties: { config } };
}

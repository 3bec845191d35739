import { t } from "@ui/words";
/** What a model gives a tool, one value. */
export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  readonly description: string;
  readonly required: boolean;
  /** The texts that it may be; none: any. */
  readonly choices: readonly string[];
}

export const TYPES = {
  string: t("Text"),
  number: t("Number"),
  integer: t("Whole number"),
  boolean: t("Yes or no"),
  "string[]": t("List of texts"),
  "number[]": t("List of numbers"),
} as const;
export type ParameterType = keyof typeof TYPES;

type Json = Readonly<Record<string, unknown>>;

const OF_SCHEMA = new Set(["type", "properties", "required", "additionalProperties", "description"]);
const OF_VALUE = new Set(["type", "description", "enum", "items"]);

/** The parameters of a JSON Schema; `undefined` where it says more than a form can show. */
export function parametersOf(schema: unknown): readonly Parameter[] | undefined {
  const { type = "object", properties = {}, required = [], ...rest } = (schema ?? {}) as Json;
  const known = Object.keys(rest).every(name => OF_SCHEMA.has(name));
  if (type !== "object" || !known || !isObject(properties) || !Array.isArray(required)) return undefined;
  const found = Object.entries(properties).map(([name, value]) =>
    parameterOf(name, value, required.includes(name)),
  );
  const whole = found.filter(each => each !== undefined);
  return whole.length === found.length ? whole : undefined;
}

function parameterOf(name: string, value: unknown, required: boolean): Parameter | undefined {
  if (!isObject(value) || !Object.keys(value).every(each => OF_VALUE.has(each))) return undefined;
  const { type, items, description = "" } = value;
  const choices = value["enum"] ?? [];
  const kind =
    type === "array" && isObject(items) && isBare(items) ? `${items["type"]}[]` : items ? "" : String(type);
  if (!(kind in TYPES) || typeof description !== "string" || !isTexts(choices)) return undefined;
  return { name, type: kind as ParameterType, description, required, choices };
}

/** The schema with other parameters; what else it says stays. */
export function withParameters(schema: unknown, parameters: readonly Parameter[]): Json {
  const { required: _, ...rest } = (schema ?? {}) as Json;
  const required = parameters.filter(each => each.required).map(({ name }) => name);
  return {
    ...rest,
    type: "object",
    properties: Object.fromEntries(parameters.map(each => [each.name, schemaOf(each)])),
    ...(required.length > 0 && { required }),
  };
}

function schemaOf({ type, description, choices }: Parameter): Json {
  const list = type.endsWith("[]");
  return {
    ...(list ? { type: "array", items: { type: type.slice(0, -2) } } : { type }),
    ...(description && { description }),
    ...(choices.length > 0 && type === "string" && { enum: choices }),
  };
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isBare = (items: Json) => Object.keys(items).length === 1;
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every(each => typeof each === "string");

/** Which variables a text names, as the engine reads it: expressions, templates, and what is configured of both. */

import { resolved } from "../form/schema";

/** What stands in the place of a variable's name. */
export type Rename = (name: string) => string;

const TOKEN =
  /(?<text>'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?)|(?<number>\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_]*)|\|\||./gsu;
const RESERVED = new Set("true false null none True False None and or not in is if else".split(" "));

/** An expression with its variables called otherwise; words in quotes, steps of a path and filters are none. */
export function inExpression(source: string, rename: Rename): string {
  let before = "";
  return source.replace(TOKEN, (token, _text, _number, name: string | undefined) => {
    const isVariable = name && before !== "." && before !== "|" && !RESERVED.has(name);
    if (token.trim()) before = token;
    return isVariable ? rename(name) : token;
  });
}

/** A text with the variables in its `{{ … }}` called otherwise. */
export function inTemplate(source: string, rename: Rename): string {
  let made = "";
  let done = 0;
  for (
    let start = source.indexOf("{{");
    start >= 0;
    start = source.indexOf("{{", Math.max(done, start + 2))
  ) {
    const end = closing(source, start + 2);
    if (end === undefined) continue;
    made += source.slice(done, start + 2) + inExpression(source.slice(start + 2, end), rename);
    done = end;
  }
  return made + source.slice(done);
}

/** Where the `}}` stands that ends an expression, past texts and objects within it. */
function closing(source: string, start: number): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of source.slice(start).matchAll(TOKEN)) {
    const next = source[start + index + 1];
    if (token === "{" && next === "{") return undefined;
    if (token === "{") depth += 1;
    if (token !== "}") continue;
    if (depth === 0) return next === "}" ? start + index : undefined;
    depth -= 1;
  }
  return undefined;
}

/** A path with the variable at its head called otherwise. */
function inPath(path: string, rename: Rename): string {
  return path.replace(/^[\p{L}_][\p{L}\p{N}_]*/u, name => rename(name));
}

/** What a configuration holds: its fields, what its lists hold, and what stands in the fields that it does not name. */
export interface Shape {
  readonly control?: string;
  /** As what the names in an object count; those in a field for variables are theirs. */
  readonly keys?: string;
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly rest?: Shape;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Shape>>;
}

export const named = (control: string): Shape => ({ control });
/** Texts that are templates. */
export const TEXTS: Shape = {};
/** The name of a variable, or a path that begins with one. */
export const VARIABLE = named("variable");
/** Texts that stay as they are written. */
export const LITERAL: Shape = {
  control: "literal",
  get items() {
    return LITERAL;
  },
  get rest() {
    return LITERAL;
  },
};
/** What no schema tells goes by the names that fields have wherever there is one. */
const BY_NAME: Shape = {
  properties: {
    variable: VARIABLE,
    saveTo: VARIABLE,
    itemVariable: VARIABLE,
    collects: VARIABLE,
    snapshotKeys: VARIABLE,
    expression: named("expression"),
    outputs: named("variables"),
    code: named("code"),
  },
  get items() {
    return BY_NAME;
  },
  get rest() {
    return BY_NAME;
  },
};

/** A configuration with the variables in it called otherwise; the same object where nothing changed. Code stays as it is. */
export function inConfig<Value>(value: Value, rename: Rename, shape: Shape = BY_NAME): Value {
  return inField(value, { field: shape, root: shape, rename }) as Value;
}

/** The names that a configuration reads or sets: those of variables, and `sys`, `args` and their like. */
export function namesIn(value: unknown, shape?: Shape): ReadonlySet<string> {
  const found = new Set<string>();
  const note = (name: string) => {
    found.add(name);
    return name;
  };
  inConfig(value, note, shape);
  return found;
}

interface Place {
  readonly field: Shape;
  readonly root: Shape;
  readonly rename: Rename;
}

function inField(value: unknown, place: Place): unknown {
  if (typeof value === "string") return inText(value, place);
  if (Array.isArray(value)) {
    const items = itemsOf(place);
    const made = value.map(each => inField(each, { ...place, field: items }));
    return made.every((each, index) => each === value[index]) ? value : made;
  }
  return typeof value === "object" && value !== null ? inObject(value, place) : value;
}

function inText(text: string, { field, rename }: Place): string {
  switch (field.control) {
    case "variable":
      return inPath(text, rename);
    case "code":
      for (const name of namesInCode(text)) rename(name);
      return text;
    case "literal":
      return text;
    case "expression":
      return text.includes("{{") ? inTemplate(text, rename) : inExpression(text, rename);
    default:
      return inTemplate(text, rename);
  }
}

/** What code takes from `variables`, and what it gives back as them. */
function namesInCode(code: string): string[] {
  const taken = [...code.matchAll(/\bvariables\s*\??\.\s*([a-z_]\w*)/gi)].map(each => each[1] ?? "");
  const given = [...code.matchAll(/\bvariables\s*:\s*\{([^}]*)/g)].map(each => each[1] ?? "");
  return [...taken, ...given.flatMap(each => each.match(/[a-z_]\w*/gi) ?? [])];
}

function itemsOf({ field, root }: Place): Shape {
  if (field.control === "variable") return field;
  // The texts of a list that stands for an expression are templates.
  return field.control === "expression" ? TEXTS : resolved(field.items ?? TEXTS, root);
}

function inObject(value: object, place: Place): object {
  const { field, root, rename } = place;
  const rest = field.rest ?? TEXTS;
  const isNamed = field.control === "variables" || field.keys === "variable";
  const before = Object.entries(value);
  const after = before.map(([name, each]): [string, unknown] => [
    isNamed ? rename(name) : name,
    inField(each, { ...place, field: resolved(field.properties?.[name] ?? rest, root) }),
  ]);
  const same = after.every(([name, each], at) => name === before[at]?.[0] && each === before[at]?.[1]);
  return same ? value : Object.fromEntries(after);
}

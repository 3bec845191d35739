import type { Schema } from "@client/api";
import defaults from "@client/defaults.json";
import { equal, keyOf } from "@dashboard/editing/merge";

type ProjectDocument = Schema<"ProjectDocument">;
type Thing = Readonly<Record<string, unknown>>;

interface Field {
  readonly default?: unknown;
  /** Its shape, or that of each in the list that it is. */
  readonly of?: string;
  readonly each?: string;
}

const SHAPES: Readonly<Record<string, Readonly<Record<string, Field>>>> = defaults;
const STEP = "StepShape";
const NOTHING = Symbol("no default");
const ACROSS = 320;
const DOWN = 240;
const IN_A_ROW = 6;

/** Documents as they came, by what they were filled to. */
const given = new WeakMap<ProjectDocument, ProjectDocument>();
/** What lacks nothing: most of a document is the same after an edit. */
const whole = new WeakSet<object>();

/**
 * The document with all that it may leave out, as the API's types promise it. Steps without a place stand in rows.
 * What lacks nothing is the same object.
 */
export function filled(document: ProjectDocument): ProjectDocument {
  return fill(document, "ProjectDocument");
}

/** A document of the server, filled: programs write no more than they must. */
export function fromServer(document: ProjectDocument): ProjectDocument {
  const all = filled(document);
  if (all !== document) given.set(all, document);
  return all;
}

/** What the server has where this is what came of it. */
export function asGiven(document: ProjectDocument): ProjectDocument {
  return given.get(document) ?? document;
}

/** What is saved of an edited document: without the defaults that the server's, which was filled, leaves out. */
export function bare(document: ProjectDocument, saved: ProjectDocument): ProjectDocument {
  const kept = strip(document, asGiven(saved), "ProjectDocument");
  given.set(document, kept);
  return kept;
}

function strip<Value extends object>(
  value: Value,
  base: Thing | ProjectDocument,
  shape: string,
  index = 0,
): Value {
  if (value === base) return value;
  const found: Record<string, unknown> = {};
  for (const [name, there] of Object.entries(value)) {
    const field = SHAPES[shape]?.[name] ?? {};
    const was = (base as Thing)[name];
    if (was === undefined && equal(there, defaultOf(field, shape, name, index))) continue;
    if (field.each && Array.isArray(there) && Array.isArray(was))
      found[name] = stripAll(there, was, field.each);
    else found[name] = field.of && isThing(there) && isThing(was) ? strip(there, was, field.of) : there;
  }
  return sameFields(found, value) ? value : (found as Value);
}

function stripAll(list: readonly unknown[], base: readonly unknown[], shape: string): readonly unknown[] {
  if (list === base) return list;
  const all = fillAll(base, shape);
  const places = new Map(all.map((each, at) => [keyOf(each), at]));
  const made = list.map((item, index) => {
    if (!isThing(item)) return item;
    const key = keyOf(item);
    const isIt = (each: unknown) => (key === undefined ? equal(each, item) : keyOf(each) === key);
    const elsewhere = () => (key === undefined ? all.findIndex(isIt) : (places.get(key) ?? -1));
    const was = base[isIt(all[index]) ? index : elsewhere()];
    if (isThing(was)) return strip(item, was, shape, index);
    // What is new says what it was written with; an item without a key may be one that was there before.
    return strip(item, key === undefined ? {} : withoutItems(item), shape, index);
  });
  return made.every((item, index) => item === list[index]) ? list : made;
}

function sameFields(one: Thing, other: object): boolean {
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length && names.every(name => one[name] === (other as Thing)[name])
  );
}

function withoutItems(item: Thing): Thing {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [name, Array.isArray(value) ? [] : value]),
  );
}

function defaultOf(field: Field, shape: string, name: string, index: number): unknown {
  if (shape === STEP && name === "position") return inRows(index);
  return field.of && isThing(field.default) ? fill(field.default, field.of) : (field.default ?? NOTHING);
}

function fill<Value extends object>(value: Value, shape: string): Value {
  if (whole.has(value)) return value;
  const found: Record<string, unknown> = Object.fromEntries(Object.entries(value));
  for (const [name, field] of Object.entries(SHAPES[shape] ?? {})) {
    const there = found[name] === undefined ? structuredClone(field.default) : found[name];
    const made = field.each && Array.isArray(there) ? fillAll(there, field.each) : there;
    if (made !== undefined) found[name] = field.of && isThing(made) ? fill(made, field.of) : made;
  }
  const all = sameFields(found, value) ? value : (found as Value);
  whole.add(all);
  return all;
}

function fillAll(list: readonly unknown[], shape: string): readonly unknown[] {
  const made = list.map((item, index) => {
    if (!isThing(item)) return item;
    return fill(shape === STEP && !item["position"] ? { ...item, position: inRows(index) } : item, shape);
  });
  return made.every((item, index) => item === list[index]) ? list : made;
}

function inRows(index: number): Schema<"Position"> {
  return { x: (index % IN_A_ROW) * ACROSS, y: Math.floor(index / IN_A_ROW) * DOWN };
}

function isThing(value: unknown): value is Thing {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Any JSON of a document. */
export type Json = unknown;

/** One operation of RFC 6902. */
export interface Operation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: Json;
}

/** A value that two people gave differently. An item of a list stands in the path by its id or name, so that it is found wherever it is. */
export interface Clash {
  readonly path: readonly (string | number)[];
  readonly mine: Json;
  readonly theirs: Json;
}

type Thing = Readonly<Record<string, Json>>;
const isThing = (value: Json): value is Thing =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What an item of a list is known by, so that it is the same item wherever it stands. */
export function keyOf(item: Json): string | undefined {
  if (!isThing(item)) return undefined;
  const key = item["id"] ?? item["name"];
  return typeof key === "string" ? key : undefined;
}

/** The items by their keys, where each has one of its own. */
function keyed(list: readonly Json[]): Map<string, Json> | undefined {
  const found = new Map<string, Json>();
  for (const item of list) {
    const key = keyOf(item);
    if (key === undefined || found.has(key)) return undefined;
    found.set(key, item);
  }
  return found;
}

export function equal(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => equal(each, other[index]));
  }
  if (!isThing(one) || !isThing(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every(name => name in other && equal(one[name], other[name]))
  );
}

/**
 * What becomes of `theirs` when somebody makes in it the change that made `mine` of `base`: both changes, item by item and
 * field by field. Where both gave one value differently mine is kept, and told as a clash.
 */
export function merge<Value>(base: Value, mine: Value, theirs: Value, clashes: Clash[] = []): Value {
  return merged(base, mine, theirs, [], clashes) as Value;
}

function merged(base: Json, mine: Json, theirs: Json, path: (string | number)[], clashes: Clash[]): Json {
  if (mine === theirs || equal(base, mine)) return theirs;
  if (equal(base, theirs)) return mine;
  if (isThing(mine) && isThing(theirs) && isThing(base))
    return mergedThing(base, mine, theirs, path, clashes);
  // A list that is not there yet, or no more, has no items: two who begin it at once begin one.
  const lists = [base, mine, theirs].map(each => (each === GONE ? [] : each));
  if (lists.every(each => Array.isArray(each))) {
    const [was, my, their] = lists.map(keyed);
    if (was && my && their) return mergedList(was, my, their, path, clashes);
  }
  if (!equal(mine, theirs)) clashes.push({ path, mine: plain(mine), theirs: plain(theirs) });
  // What one of them removed is kept as the other changed it: nothing is lost.
  return mine === GONE ? theirs : mine;
}

const GONE = Symbol("gone");
const plain = (value: Json) => (value === GONE ? undefined : value);

function mergedThing(
  base: Thing,
  mine: Thing,
  theirs: Thing,
  path: (string | number)[],
  clashes: Clash[],
): Thing {
  const result: Record<string, Json> = {};
  for (const name of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, my, their] = [base, mine, theirs].map(each => (name in each ? each[name] : GONE));
    const value = merged(was, my, their, [...path, name], clashes);
    if (value !== GONE) result[name] = value;
  }
  return result;
}

/** Their order, or mine where I gave it another, with what the other added behind what it stood behind; without what either removed. */
function mergedList(
  base: Map<string, Json>,
  mine: Map<string, Json>,
  theirs: Map<string, Json>,
  path: (string | number)[],
  clashes: Clash[],
): Json[] {
  const mineLeads = reordered([...base.keys()], [...mine.keys()]);
  const order = [...(mineLeads ? mine : theirs).keys()];
  const other = (mineLeads ? theirs : mine).keys();
  let behind: string | undefined;
  for (const key of other) {
    if (!order.includes(key)) order.splice(behind === undefined ? 0 : order.indexOf(behind) + 1, 0, key);
    behind = key;
  }
  const result: Json[] = [];
  for (const key of order) {
    const was = base.get(key);
    const my = mine.get(key);
    const their = theirs.get(key);
    if (my === undefined && (was === undefined || equal(was, their))) {
      if (was === undefined && their !== undefined) result.push(their);
    } else if (their === undefined && (was === undefined || equal(was, my))) {
      if (was === undefined && my !== undefined) result.push(my);
    } else if (my === undefined || their === undefined) {
      // One removed what the other changed: the change is kept, nothing is lost.
      clashes.push({ path: [...path, key], mine: my, theirs: their });
      result.push(my ?? their);
    } else {
      result.push(merged(was ?? {}, my, their, [...path, key], clashes));
    }
  }
  return result;
}

/** The value at a clash's path; `undefined` where it is gone. */
export function at(value: Json, path: Clash["path"]): Json {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  if (Array.isArray(value))
    return at(
      value.find(each => keyOf(each) === first),
      rest,
    );
  return isThing(value) ? at(value[first], rest) : undefined;
}

/** The value with another one at a clash's path; as it was where the path is gone. */
export function put<Value>(value: Value, path: Clash["path"], given: Json): Value {
  return placed(value, path, given) as Value;
}

function placed(value: Json, path: Clash["path"], given: Json): Json {
  const [first, ...rest] = path;
  if (first === undefined) return given;
  if (Array.isArray(value)) {
    const leaves = rest.length === 0 && given === undefined;
    if (leaves) return value.filter(each => keyOf(each) !== first);
    return value.map(each => (keyOf(each) === first ? placed(each, rest, given) : each));
  }
  if (!isThing(value)) return value;
  if (rest.length === 0 && given === undefined) {
    const { [first]: _, ...others } = value;
    return others;
  }
  return { ...value, [first]: placed(value[first], rest, given) };
}

/** Whether the items that both have stand in another order. */
function reordered(before: readonly string[], after: readonly string[]): boolean {
  const still = before.filter(key => after.includes(key));
  const now = after.filter(key => before.includes(key));
  return still.some((key, index) => key !== now[index]);
}

/** The operations that make `after` of `before`; none where they are equal. */
export function difference(before: Json, after: Json): Operation[] {
  const found: Operation[] = [];
  collect(before, after, "", found);
  return found;
}

const escaped = (part: string | number) => String(part).replaceAll("~", "~0").replaceAll("/", "~1");

function collect(before: Json, after: Json, path: string, found: Operation[]): void {
  if (before === after || equal(before, after)) return;
  if (isThing(before) && isThing(after)) {
    for (const name of Object.keys(before)) {
      if (!(name in after)) found.push({ op: "remove", path: `${path}/${escaped(name)}` });
    }
    for (const name of Object.keys(after)) {
      const place = `${path}/${escaped(name)}`;
      if (name in before) collect(before[name], after[name], place, found);
      else found.push({ op: "add", path: place, value: after[name] });
    }
    return;
  }
  if (Array.isArray(before) && Array.isArray(after) && collectItems(before, after, path, found)) return;
  found.push({ op: "replace", path, value: after });
}

/** Whether the lists differ only by items that came, went or changed, which are then told one by one. */
function collectItems(
  before: readonly Json[],
  after: readonly Json[],
  path: string,
  found: Operation[],
): boolean {
  const was = keyed(before);
  const is = keyed(after);
  if (!was || !is || reordered([...was.keys()], [...is.keys()])) return false;
  const left = [...before];
  for (let index = before.length - 1; index >= 0; index--) {
    if (!is.has(keyOf(before[index]) ?? "")) {
      found.push({ op: "remove", path: `${path}/${index}` });
      left.splice(index, 1);
    }
  }
  after.forEach((item, index) => {
    if (keyOf(left[index]) === keyOf(item) && left[index] !== undefined) {
      collect(left[index], item, `${path}/${index}`, found);
    } else {
      found.push({ op: "add", path: `${path}/${index}`, value: item });
      left.splice(index, 0, item);
    }
  });
  return true;
}

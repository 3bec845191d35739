import type { ProjectDocument } from "@dashboard/data/projects";
import type { Step } from "./flow";
import { namesIn } from "./naming";
import { partShape, type Shapes } from "./shapes";

type Thing = Readonly<Record<string, unknown>>;

/** What steps use of a project: it goes with them when they are copied. */
export interface Belongings {
  readonly variables: readonly Thing[];
  readonly tools: readonly Thing[];
  readonly playbooks: readonly Thing[];
}

const KINDS = ["variables", "tools", "playbooks"] as const;
/** What a project knows them by. */
export const keyOf = (thing: Thing) => String(thing["id"] ?? thing["name"]);
export const labelOf = (thing: Thing) => String(thing["name"] ?? thing["id"]);
const isThing = (value: unknown): value is Thing =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The variables, tools and playbooks that steps name, and those that these name; without anything secret that is written in them. */
export function belongingsOf(document: ProjectDocument, steps: readonly Step[], shapes: Shapes): Belongings {
  const texts = new Set(steps.flatMap(each => textsIn(each.config)));
  const playbooks = document.playbooks.filter(each => texts.has(each.id));
  for (const each of playbooks.flatMap(textsIn)) texts.add(each);
  const tools = document.tools.filter(each => texts.has(each.id));
  const named = new Set([
    ...steps.flatMap(each => [...namesIn(each.config, shapes.steps.get(each.type))]),
    ...playbooks.flatMap(each => [...namesIn(each, partShape("playbooks", each, shapes))]),
    ...tools.flatMap(each => [...namesIn(each, partShape("tools", each, shapes))]),
  ]);
  return {
    // What a variable is elsewhere is no business of whoever gets the steps.
    variables: document.variables
      .filter(each => named.has(each.name))
      .map(each => ({ ...each, environments: {} })),
    tools: tools.map(each => bare(each) as Thing),
    playbooks: playbooks.map(each => bare(each) as Thing),
  };
}

/** What of it a project does not have. */
export function missingIn(document: ProjectDocument, belongings: Belongings): Belongings {
  const left = (kind: (typeof KINDS)[number]) => {
    const known = new Set((document[kind] as unknown as readonly Thing[]).map(keyOf));
    return belongings[kind].filter(each => !known.has(keyOf(each)));
  };
  return { variables: left("variables"), tools: left("tools"), playbooks: left("playbooks") };
}

/** The document with these as well. */
export function withBelongings(document: ProjectDocument, more: Belongings): ProjectDocument {
  const added = { ...document } as Record<string, unknown>;
  for (const kind of KINDS) added[kind] = [...(document[kind] as readonly unknown[]), ...more[kind]];
  return added as ProjectDocument;
}

/** What a text of unknown origin says that steps use; what is nothing of the kind is left out. */
export function readBelongings(value: unknown): Belongings {
  const all = isThing(value) ? value : {};
  const of = (kind: string, key: string) => {
    const list = all[kind];
    return Array.isArray(list) ? list.filter(isThing).filter(each => typeof each[key] === "string") : [];
  };
  return { variables: of("variables", "name"), tools: of("tools", "id"), playbooks: of("playbooks", "id") };
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  return isThing(value) ? Object.values(value).flatMap(textsIn) : [];
}

const SECRET = /authorization|api[-_]?key|token|password|secret/i;

/** A thing without what is written in the place of a secret; what names one of the project's stays. */
function bare(value: unknown, name = ""): unknown {
  if (typeof value === "string") return SECRET.test(name) && !value.includes("{{") ? "" : value;
  if (Array.isArray(value)) return value.map(each => bare(each, name));
  if (!isThing(value)) return value;
  // A header as `{ name, value }` is named by its own field.
  const own = typeof value["name"] === "string" && "value" in value ? String(value["name"]) : name;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, bare(each, key === "value" ? own : key)]),
  );
}

import type { Schema } from "@client/api";

type Kind = "steps" | "tools" | "connectors" | "channels" | "targets";
type Titled = { readonly type: string; readonly title: string };

/** What the server told with its schema, which stays the same as long as the page does. */
const told: Record<Kind, ReadonlyMap<string, string>> = {
  steps: new Map(),
  tools: new Map(),
  connectors: new Map(),
  channels: new Map(),
  targets: new Map(),
};

/** Keeps what the types of everything are called. */
export function learnTitles(schema: Pick<Schema<"Schema">, Kind>): void {
  const of = (types: readonly Titled[]) => new Map(types.map(each => [each.type, each.title]));
  for (const kind of Object.keys(told) as Kind[]) told[kind] = of(schema[kind]);
}

/** What a type of something is called: as the server calls it, else `post-process` as "Post process". */
export function titleIn(kind: Kind, type: string): string {
  return told[kind].get(type) ?? inWords(type);
}

/** An identifier as words that begin a sentence. */
export function inWords(name: string): string {
  const words = name.replaceAll("-", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

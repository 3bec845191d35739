import type english from "../words/en.json";

/** A text of the catalogue; `%{name}` in it is filled in. */
export type Words = keyof typeof english;

type Names<Text> = Text extends `${string}%{${infer Name}}${infer Rest}` ? Name | Names<Rest> : never;
/** What there is none of is left out. */
type Value = string | number | null | undefined;
type Filled<Text> = [Names<Text>] extends [never] ? [] : [values: Readonly<Record<Names<Text>, Value>>];

/**
 * What people read. The English text is its own key: what it says stands where it is used, and all texts stand in
 * `words/en.json` (`npm run gen`), so that a text which is not in the catalogue is no `Words`.
 */
export function t<const Text extends Words>(text: Text, ...[values]: Filled<Text>): string {
  if (!values) return text;
  const known: Readonly<Record<string, Value>> = values;
  return text.replace(/%\{(\w+)\}/g, (_, name: string) => String(known[name] ?? ""));
}

/** Where names complete: behind the braces of a template, or anywhere in an expression. */
export type Language = "template" | "expression";

const MANY = 8;
const TEXTS = /'(?:[^'\\]|\\.)*'?|"(?:[^"\\]|\\.)*"?/gs;

/** The beginning of a name that the text before the caret ends with; `undefined`: there is none. */
export function wordBefore(text: string, language: Language): string | undefined {
  if (language === "template") return /\{\{\s*([\w.]*)$/.exec(text)?.[1];
  // Words in quotes are no names; behind a bar stands a filter.
  return /(?<![\w.]|(?<!\|)\|\s*)[a-zA-Z_][\w.]*$/.exec(text.replace(TEXTS, "''"))?.[0];
}

/**
 * The names that a word may become. In a template one has begun with `{{`, so any that has the word in it; in an
 * expression most words are no names of the project, so those that begin with it, and none where it is one already.
 */
export function namesFor(word: string, names: readonly string[], language: Language): readonly string[] {
  const begun = names.filter(name => name.startsWith(word));
  if (language === "expression") return names.includes(word) ? [] : begun.slice(0, MANY);
  return [...begun, ...names.filter(name => name.includes(word) && !begun.includes(name))].slice(0, MANY);
}

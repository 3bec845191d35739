import { useMemo } from "react";
import type { Editor } from "./editor";

/** What is wrong, by the path of the field: what the checks found, and why the last save was refused. */
export function useErrors(editor: Editor): ReadonlyMap<string, string> {
  const problems = editor(state => state.problems);
  return useMemo(() => new Map(problems.map(({ path, message }) => [path, message])), [problems]);
}

/** What is wrong at a path, or anywhere inside it. */
export function errorIn(errors: ReadonlyMap<string, string>, path: string): string | undefined {
  const found = errors.get(path);
  if (found !== undefined) return found;
  return [...errors].find(([at]) => at.startsWith(`${path}.`) || at.startsWith(`${path}[`))?.[1];
}

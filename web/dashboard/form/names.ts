import type { ProjectDocument } from "@dashboard/data/projects";
import { createContext, useContext } from "react";

/** What fields of a form can name: variables, tools and the like of the project. */
export interface Names {
  readonly variables: readonly { readonly name: string; readonly type: string }[];
  readonly workflows: readonly Named[];
  readonly tools: readonly Named[];
  readonly playbooks: readonly Named[];
  readonly languages: readonly string[];
  /** Adds a variable to the project. */
  readonly addVariable: (name: string) => void;
}

export interface Named {
  readonly id: string;
  readonly name: string;
}

const NOTHING: Names = {
  variables: [],
  workflows: [],
  tools: [],
  playbooks: [],
  languages: ["en"],
  addVariable: () => undefined,
};

const NamesContext = createContext<Names>(NOTHING);
export const NamesProvider = NamesContext.Provider;
export const useNames = () => useContext(NamesContext);

/** What the fields of a project's forms can name. */
export function namesOf(document: ProjectDocument, addVariable: (name: string) => void): Names {
  const named = (list: readonly { id: string; name?: string | null }[]): Named[] =>
    list.map(each => ({ id: each.id, name: each.name || each.id }));
  return {
    variables: document.variables.map(each => ({ name: each.name, type: each.type })),
    workflows: named(document.workflows),
    tools: named(document.tools as { id: string; name?: string }[]),
    playbooks: named(document.playbooks as { id: string; name?: string }[]),
    languages: [document.language],
    addVariable,
  };
}

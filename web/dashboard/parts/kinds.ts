import type { Schema } from "@client/api";
import type { ProjectDocument } from "@dashboard/data/projects";
import { newId, newVariable } from "@dashboard/editing/flow";
import { t } from "@ui/words";
import {
  Braces,
  KeyRound,
  type LucideIcon,
  Megaphone,
  MessageCircleQuestion,
  UserRound,
  Wrench,
} from "lucide-react";

export type Variable = Schema<"Variable">;
export type Tool = Schema<"ToolShape">;
export type Playbook = Schema<"Playbook">;
export type Intent = Schema<"Intent">;
export type Pipeline = Schema<"Pipeline">;

/** What several steps share, by its list in the document. */
export const KINDS = ["pipelines", "variables", "tools", "playbooks", "intents", "secrets"] as const;
export type Kind = (typeof KINDS)[number];
export type Part = ProjectDocument[Kind][number];

export interface KindWords {
  readonly title: string;
  readonly one: string;
  readonly icon: LucideIcon;
  /** What they are for, in one sentence. */
  readonly about: string;
  /** The demo has some to look at. */
  readonly inDemo?: true;
}

export const WORDS: Readonly<Record<Kind, KindWords>> = {
  pipelines: {
    title: t("Pipelines"),
    one: "pipeline",
    icon: Megaphone,
    about: t(
      "A pipeline has a workflow write a post on a schedule, and publishes it once somebody has said yes",
    ),
  },
  variables: {
    title: t("Variables"),
    one: "variable",
    icon: Braces,
    about: t("A variable keeps what a conversation has found out"),
    inDemo: true,
  },
  tools: {
    title: t("Tools"),
    one: "tool",
    icon: Wrench,
    about: t("A tool lets the assistant look something up or do something elsewhere"),
  },
  playbooks: {
    title: t("Playbooks"),
    one: "playbook",
    icon: UserRound,
    about: t("A playbook is an assistant for one task, to which a conversation can be handed"),
  },
  intents: {
    title: t("Intents"),
    one: "intent",
    icon: MessageCircleQuestion,
    about: t("An intent is what people may want at any time, and the workflow that sees to it"),
    inDemo: true,
  },
  secrets: {
    title: t("Secrets"),
    one: "secret",
    icon: KeyRound,
    about: t("A secret is a key or password for tools; its value is never shown again"),
  },
};

export function kindOf(text: string | undefined): Kind | undefined {
  return KINDS.find(each => each === text);
}

/** The kinds that a project has to do with: only one that publishes has pipelines. */
export function kindsOf({ framework, pipelines }: ProjectDocument): readonly Kind[] {
  const publishes = framework === "outbound" || pipelines.length > 0;
  return KINDS.filter(kind => kind !== "pipelines" || publishes);
}

/** By what a part is referred to. */
export function idOf(part: Part): string {
  const { id, name } = part as { id?: string; name: string };
  return id ?? name;
}

export function labelOf(part: Part): string {
  return part.name || idOf(part);
}

/** A name that none of `taken` is: `tool`, `tool_2`. */
export function freeName(name: string, taken: readonly string[]): string {
  for (let number = 1; ; number++) {
    const tried = number === 1 ? name : `${name}_${number}`;
    if (!taken.includes(tried)) return tried;
  }
}

/** A new part, as empty as the document allows. */
export function newPart(kind: Exclude<Kind, "secrets">, document: ProjectDocument): Part {
  const name = freeName(
    `new_${WORDS[kind].one}`,
    document[kind].map(each => each.name),
  );
  const id = newId(WORDS[kind].one);
  switch (kind) {
    case "pipelines":
      return {
        id,
        name: t("New pipeline"),
        enabled: false,
        schedule: null,
        workflowId: document.workflows[0]?.id ?? "",
        approval: "person",
        targets: [],
      };
    case "variables":
      return newVariable(name);
    case "tools":
      return {
        id,
        name,
        description: "",
        type: "api",
        parameters: { type: "object", properties: {} },
        config: {},
        enabled: true,
        approval: "none",
      };
    case "playbooks":
      return {
        id,
        name: t("New playbook"),
        description: "",
        instructions: "",
        toolIds: [],
        knowledgeBase: false,
        inputs: [],
        exits: [],
      };
    case "intents":
      return { id, name: t("New intent"), utterances: [], workflowId: "", local: false };
  }
}

/** The document with one list of parts changed. */
export function withParts(
  document: ProjectDocument,
  kind: Kind,
  change: (parts: readonly Part[]) => readonly Part[],
): ProjectDocument {
  return { ...document, [kind]: change(document[kind]) };
}

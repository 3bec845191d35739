import type { Schema } from "@client/api";
import type { ProjectDocument } from "@dashboard/data/projects";
import { newId } from "@dashboard/editing/flow";
import { t } from "@ui/words";

export type Test = Schema<"Test">;
export type Turn = Schema<"TestTurn">;
export type Expectation = Schema<"Expectation">;
export type Result = Schema<"TestResult">;

/** What an expectation is about: the one of its fields that is filled. */
export type Kind = Exclude<keyof Expectation & string, "equals">;

export const KINDS: readonly { readonly value: Kind; readonly label: string }[] = [
  { value: "contains", label: t("An answer contains") },
  { value: "notContains", label: t("No answer contains") },
  { value: "variable", label: t("Variable equals") },
  { value: "step", label: t("Step is reached") },
  { value: "judge", label: t("A model judges") },
  { value: "source", label: t("Answered from a document") },
  { value: "trace", label: t("Trace is sent") },
];

export function kindOf(expectation: Expectation): Kind {
  return KINDS.find(({ value }) => (expectation[value] ?? undefined) !== undefined)?.value ?? "contains";
}

/** An expectation of another kind; its words are kept where the kind has some. */
export function ofKind(kind: Kind, before?: Expectation): Expectation {
  const was = before?.[kindOf(before)];
  const words = typeof was === "string" ? was : "";
  switch (kind) {
    case "contains":
    case "notContains":
    case "judge":
      return { [kind]: words };
    case "variable":
      return { variable: "", equals: "" };
    default:
      return { [kind]: "" };
  }
}

type Action =
  | Schema<"TextAction">
  | Schema<"LaunchAction">
  | Schema<"ButtonAction">
  | Schema<"MediaAction">
  | Schema<"EventAction">
  | Schema<"ClientAction">
  | Schema<"ApprovalAction">;
export type ActionType = Action["type"];

export const ACTIONS: readonly { readonly value: ActionType; readonly label: string }[] = [
  { value: "text", label: t("Writes") },
  { value: "button", label: t("Presses a button") },
  { value: "launch", label: t("Opens the conversation") },
  { value: "media", label: t("Sends a file") },
  { value: "event", label: t("An event happens") },
  { value: "client", label: t("The page answers") },
  { value: "approval", label: t("Allows a tool or not") },
];

/** What the person says in a turn, where it is words. */
export function wordsOf({ action }: Turn): string {
  const { payload } = action;
  if (typeof payload === "string") return payload;
  const { label } = (payload ?? {}) as { label?: unknown };
  return typeof label === "string" ? label : "";
}

/** An action of another type; words that were said are kept. */
export function actionOf(type: ActionType, before?: Turn): Turn["action"] {
  const words = before ? wordsOf(before) : "";
  switch (type) {
    case "text":
      return { type, payload: words };
    case "button":
      return { type, payload: { label: words } };
    case "launch":
      return { type };
    case "media":
      return { type, payload: { url: "" } };
    case "event":
      return { type, payload: { name: "" } };
    case "client":
      return { type, payload: { path: "" } };
    case "approval":
      return { type, payload: { approved: true } };
  }
}

/** What a turn is called in a list of them. */
export function titleOf(turn: Turn): string {
  const words = wordsOf(turn);
  const kind = ACTIONS.find(each => each.value === turn.action.type)?.label ?? turn.action.type;
  return words ? `${kind}: ${words}` : kind;
}

/** A test of a conversation that nobody has had yet: it is opened, and what is to come of that is still to say. */
export function newTest(tests: readonly Test[]): Test {
  return {
    id: newId("test"),
    name: t("Test %{number}", { number: tests.length + 1 }),
    turns: [{ action: actionOf("launch") }],
  } as Test;
}

export function copyOf(test: Test): Test {
  return { ...test, id: newId("test"), name: t("Copy of %{name}", { name: nameOf(test) }).slice(0, 200) };
}

export function nameOf(test: Test): string {
  return test.name || test.id;
}

export function withTests(
  document: ProjectDocument,
  change: (tests: readonly Test[]) => readonly Test[],
): ProjectDocument {
  return { ...document, tests: [...change(document.tests)] };
}

/** The object without a field that has no value. */
export function withField<Of extends object>(of: Of, field: keyof Of & string, value: unknown): Of {
  const { [field]: _, ...rest } = of;
  return (value === undefined ? rest : { ...rest, [field]: value }) as Of;
}

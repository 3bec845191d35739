import type { Schema } from "@client/api";
import type { ProjectDocument } from "@dashboard/data/projects";
import { titleIn } from "@dashboard/data/titles";
import { t } from "@ui/words";

export type Workflow = Schema<"WorkflowShape">;
export type Step = Schema<"StepShape">;
export type Connection = Schema<"Connection">;
export type StepType = Schema<"StepType">;
export type Problem = Schema<"ProjectProblem">;

/** A way out of a step. */
export interface Port {
  readonly id: string;
  readonly label: string;
  /** It stands for an item of the step's own: a button, a rule. */
  readonly own: boolean;
}

const WORDS: Readonly<Record<string, string>> = {
  next: t("Next"),
  error: t("On error"),
  noMatch: t("Anything else"),
  else: t("Else"),
  noResults: t("Nothing found"),
  body: t("For each item"),
};

/** A text of a step, in whatever language it is written first. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    const first = Object.values(value)[0];
    return typeof first === "string" ? first : "";
  }
  return typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

type Thing = Record<string, unknown>;

function itemsAt(config: Thing, path: string): Thing[] {
  const [first = "", ...rest] = path.split(".");
  const list = config[first];
  const found = Array.isArray(list)
    ? (list as Thing[]).filter(each => typeof each === "object" && each !== null)
    : [];
  return rest.length === 0 ? found : found.flatMap(each => itemsAt(each, rest.join(".")));
}

/** Where the ports of a type come from, and which every step of it has. */
function namesOf(type: StepType | undefined, key: "from" | "fixed"): readonly string[] {
  const names = type?.ports[key];
  return Array.isArray(names) ? (names as string[]) : [];
}

/** An id that was made here, and says nothing to people. */
const MADE = /^port_[a-z0-9]{8}$/;

/** The ways out of a step: those of its items, those that every step of its type has, and what else is connected. */
export function portsOf(step: Step, type: StepType | undefined, connected: readonly string[] = []): Port[] {
  const ports: Port[] = [];
  const add = (id: string, label: string, own: boolean) => {
    if (id && !ports.some(port => port.id === id)) ports.push({ id, label: label || id, own });
  };
  for (const path of namesOf(type, "from")) {
    for (const [index, item] of itemsAt(step.config, path).entries()) {
      const id = textOf(item["id"]);
      const plain = MADE.test(id) ? t("Way %{number}", { number: index + 1 }) : id;
      add(id, textOf(item["label"]) || textOf(item["name"]) || textOf(item["description"]) || plain, true);
    }
  }
  for (const id of namesOf(type, "fixed")) add(id, WORDS[id] ?? id, false);
  for (const id of connected) add(id, WORDS[id] ?? id, false);
  return ports;
}

/** What a step is called: by its own name, else by its type. */
export function nameOf(step: Step): string {
  return step.name || titleOf(step.type);
}

/** What a type of step is called. */
export function titleOf(type: string): string {
  return titleIn("steps", type);
}

/** What a step holds in a line or two: its first text, whatever type it is of. */
export function summaryOf(step: Step, type: StepType | undefined): string {
  const properties = (type?.configSchema["properties"] ?? {}) as Record<string, Thing>;
  for (const [name, schema] of Object.entries(properties)) {
    const text = textOf(step.config[name]).trim();
    if (text && schema["control"] !== "select" && schema["control"] !== "switch") return text;
  }
  for (const path of namesOf(type, "from")) {
    const count = itemsAt(step.config, path).length;
    if (count) return "";
  }
  const list = Object.values(step.config).find(Array.isArray) as Thing[] | undefined;
  const first = list?.[0];
  return first ? Object.values(first).map(textOf).filter(Boolean).join(" = ") : "";
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";

/** An id that no other has: short enough to read in a diff. */
export function newId(prefix: string): string {
  const random = crypto.getRandomValues(new Uint8Array(8));
  return `${prefix}_${Array.from(random, byte => LETTERS[byte % LETTERS.length]).join("")}`;
}

export function primaryOf(document: ProjectDocument): Workflow | undefined {
  return document.workflows.find(each => each.primary) ?? document.workflows[0];
}

/** The document with one workflow changed. */
export function inWorkflow(
  document: ProjectDocument,
  id: string,
  change: (workflow: Workflow) => Workflow,
): ProjectDocument {
  return { ...document, workflows: document.workflows.map(each => (each.id === id ? change(each) : each)) };
}

/** The workflow with some of its steps changed. */
export function withSteps(
  workflow: Workflow,
  ids: ReadonlySet<string>,
  change: (step: Step) => Step,
): Workflow {
  return { ...workflow, steps: workflow.steps.map(each => (ids.has(each.id) ? change(each) : each)) };
}

/** A variable as one begins. */
export function newVariable(name: string): Schema<"Variable"> {
  return {
    name,
    type: "text",
    pii: false,
    client: false,
    personName: false,
    scope: "conversation",
    environments: {},
  };
}

/** A new step as its type's example begins it. */
export function newStep(type: StepType, position: { x: number; y: number }): Step {
  return { id: newId("step"), type: type.type, config: startOf(type), position: snapped(position) };
}

/** What a new step holds: nothing but empty lists of what it needs, so that its form says what to fill in. */
function startOf(type: StepType): Step["config"] {
  const config: Thing = {};
  for (const path of namesOf(type, "from")) {
    if (path.includes(".")) continue;
    const example = itemsAt(type.example as Thing, path);
    if (example.length)
      config[path] = example.map((_, index) => ({
        id: newId("port"),
        label: t("Choice %{value}", { value: index + 1 }),
      }));
  }
  const properties = (type.configSchema["properties"] ?? {}) as Record<string, Thing>;
  for (const [name, schema] of Object.entries(properties)) {
    const items = schema["items"] as Thing | undefined;
    if (name in config && items)
      config[name] = (config[name] as Thing[]).map(each => fitting(each, items, type.configSchema));
  }
  return config;
}

/** The item without the fields that its schema does not know. */
function fitting(item: Thing, schema: Thing, root: Thing): Thing {
  const resolved = resolve(schema, root);
  const known = (resolved["properties"] ?? {}) as Thing;
  const label = ["label", "name", "description"].find(name => name in known);
  return label ? { id: item["id"], [label]: item["label"] } : { id: item["id"] };
}

/** A schema, or what it refers to in `root`. */
export function resolve(schema: Thing, root: Thing): Thing {
  const ref = schema["$ref"];
  if (typeof ref !== "string") return schema;
  const definitions = (root["$defs"] ?? {}) as Record<string, Thing>;
  return definitions[ref.replace("#/$defs/", "")] ?? {};
}

export function snapped({ x, y }: { x: number; y: number }): { x: number; y: number } {
  return { x: Math.round(x / 8) * 8, y: Math.round(y / 8) * 8 };
}

/** A port holds one connection: a second takes its place. */
export function connect(workflow: Workflow, source: string, sourcePort: string, target: string): Workflow {
  const others = workflow.connections.filter(
    each => each.source !== source || each.sourcePort !== sourcePort,
  );
  return { ...workflow, connections: [...others, { id: newId("con"), source, sourcePort, target }] };
}

/** The workflow without these steps and what was connected to them. */
export function without(workflow: Workflow, ids: ReadonlySet<string>): Workflow {
  return {
    ...workflow,
    steps: workflow.steps.filter(each => !ids.has(each.id)),
    connections: workflow.connections.filter(each => !ids.has(each.source) && !ids.has(each.target)),
  };
}

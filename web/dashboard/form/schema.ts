/** A JSON Schema as `/api/v1/schema` tells it: `control` says how a field is edited, `needed` that it has to be filled in. */
export interface FieldSchema {
  readonly type?: string;
  readonly control?: string;
  readonly needed?: boolean;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
  /** How the values of `enum` are called. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly items?: FieldSchema;
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly required?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, FieldSchema>>;
  readonly anyOf?: readonly FieldSchema[];
}

interface Referring<Of> {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, Of>>;
}

export function resolved<Of extends Referring<Of>>(schema: Of, root: Of): Of {
  const name = schema.$ref?.replace("#/$defs/", "");
  return (name !== undefined && root.$defs?.[name]) || schema;
}

export function propertiesOf(schema: FieldSchema): [string, FieldSchema][] {
  return Object.entries(schema.properties ?? {});
}

export function isNeeded(schema: FieldSchema): boolean {
  return schema.needed === true;
}

const SHORT = /\b(url|api|smtp|imap|html|json|pii|tls|starttls|ssl|usd)\b/gi;
/** Fields in which a thing of the project is chosen: people choose it by its name, not by its id. */
const CHOSEN = new Set(["workflow", "tool", "tools", "playbook", "playbooks"]);

/** `timeoutMs` as "Timeout ms": the API's name, to be read; `workflowId` of a field to choose in as "Workflow". */
export function labelOf(name: string, control = ""): string {
  const words = (CHOSEN.has(control) ? name.replace(/Id(s?)$/, "$1") : name)
    .replace(/([a-z0-9])([A-Z])/g, (_, one: string, other: string) => `${one} ${other.toLowerCase()}`)
    .replace(SHORT, short => short.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** How the values of a choice are called: `isNot` as "Is not", `de` among languages as "German". */
export function choicesOf(schema: FieldSchema): { readonly value: string; readonly label: string }[] {
  const values = schema.enum ?? [];
  const languages = values.every(each => /^[a-z]{2}$/.test(each))
    ? new Intl.DisplayNames(["en"], { type: "language" })
    : undefined;
  return values.map(value => ({
    value,
    label: schema.labels?.[value] ?? languages?.of(value) ?? labelOf(value),
  }));
}

/** The description, with code signs read as words. */
export function descriptionOf(schema: FieldSchema): string | undefined {
  return schema.description?.replaceAll("`", "");
}

/** Whether the field takes text in several languages. */
export function isInLanguages(schema: FieldSchema): boolean {
  return (
    schema.anyOf?.some(each => each.type === "string") === true &&
    schema.anyOf.some(each => each.type === "object")
  );
}

/** What a new item of a list holds. */
export function emptyItem(schema: FieldSchema, id: string): unknown {
  if (schema.type === "string") return "";
  const item: Record<string, unknown> = {};
  for (const name of schema.required ?? []) item[name] = name === "id" ? id : "";
  return item;
}

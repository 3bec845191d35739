import { equal } from "@dashboard/editing/merge";
import { t } from "@ui/words";

/** What a server's tool says of itself. */
export interface Told {
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface Argument {
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly description: string;
}

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const schemaOf = (value: unknown): Schema => (isSchema(value) ? value : {});

/** What a tool is given, as its schema tells it: those that it needs first. */
export function argumentsOf(told: Told): Argument[] {
  const { inputSchema } = told;
  const needed = Array.isArray(inputSchema["required"]) ? inputSchema["required"] : [];
  const all = Object.entries(propertiesOf(told)).map(([name, value]) => {
    const { description } = schemaOf(value);
    return {
      name,
      type: typeOf(value),
      required: needed.includes(name),
      description: typeof description === "string" ? description : "",
    };
  });
  return all.toSorted((one, other) => Number(other.required) - Number(one.required));
}

/** The type of a value in a word or two; several are told beside each other. */
function typeOf(value: unknown): string {
  const { type, anyOf, oneOf, enum: values, items } = schemaOf(value);
  if (Array.isArray(values)) return values.map(each => JSON.stringify(each)).join(" | ");
  if (type === "array" && isSchema(items)) return t("list of %{type}", { type: typeOf(items) });
  if (typeof type === "string") return type === "array" ? t("list") : type;
  const several = [type, anyOf, oneOf].find(Array.isArray);
  if (!several) return t("anything");
  return several.map(each => (typeof each === "string" ? each : typeOf(each))).join(" | ");
}

/** What of its arguments is not as it was, in words: none that changed goes without one. */
export function changesOf(before: Told, now: Told): string[] {
  const [old, later] = [argumentsOf(before), argumentsOf(now)];
  const [schema, former] = [propertiesOf(now), propertiesOf(before)];
  const found = old
    .filter(each => !(each.name in schema))
    .map(({ name }) => t("It takes no %{name} any more.", { name }));
  for (const each of later) {
    const { name } = each;
    const was = old.find(other => other.name === name);
    const told = was ? changed(was, each) : [added(each)];
    const more = was && told.length === 0 && !equal(former[name], schema[name]);
    found.push(...told, ...(more ? [t("What %{name} has to be like has changed.", { name })] : []));
  }
  if (!equal(rest(before), rest(now)))
    found.push(t("What its arguments have to be like together has changed."));
  if (found.length === 0 && before.description === now.description)
    found.push(t("It has changed in something that is not shown here."));
  return found;
}

const propertiesOf = ({ inputSchema }: Told): Schema => schemaOf(inputSchema["properties"]);

const rest = ({ inputSchema: { properties: _, required: __, ...others } }: Told) => others;

const added = ({ name, type, required }: Argument) =>
  required
    ? t("It needs %{name} now (%{type}).", { name, type })
    : t("It takes %{name} now (%{type}).", { name, type });

function changed(before: Argument, now: Argument): string[] {
  const { name } = now;
  const found: string[] = [];
  if (before.type !== now.type)
    found.push(t("%{name} was %{before}, and is %{after}.", { name, before: before.type, after: now.type }));
  if (before.required !== now.required)
    found.push(
      now.required ? t("%{name} is needed now.", { name }) : t("%{name} is not needed any more.", { name }),
    );
  if (before.description !== now.description) found.push(retold(before, now));
  return found;
}

function retold({ name, description: before }: Argument, { description: after }: Argument): string {
  if (!before) return t("%{name} is told of now as “%{after}”.", { name, after });
  if (!after) return t("%{name} is not told of any more; it was as “%{before}”.", { name, before });
  return t("%{name} was told of as “%{before}”, and is as “%{after}”.", { name, before, after });
}

// Writes client/schema.d.ts, the types of the API, from its description, and client/defaults.json, what a document is
// where it says nothing; leaves them alone where nothing is different.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const [source, types, defaults] = ["openapi.json", "schema.d.ts", "defaults.json"].map(
  name => new URL(`../client/${name}`, import.meta.url),
);

const ast = await openapiTS(source, { rootTypes: true, rootTypesNoSchemaPrefix: true });
write(types, `// Made of openapi.json by scripts/types.mjs.\n${astToString(ast)}`);

const { schemas } = JSON.parse(readFileSync(source, "utf-8")).components;
const shapes = {};
collect("ProjectDocument");
write(defaults, JSON.stringify(shapes));

/** Of each field of a shape: what it is by default, and the shape of it, or of each in the list that it is. */
function collect(name) {
  if (name in shapes) return;
  shapes[name] = {};
  for (const [field, schema] of Object.entries(schemas[name].properties ?? {})) {
    const kinds = [schema, ...(schema.anyOf ?? [])];
    const of = shapeOf(kinds);
    const each = shapeOf(kinds.flatMap(({ items }) => (items ? [items, ...(items.anyOf ?? [])] : [])));
    const found = { default: schema.default, of, each };
    if (Object.values(found).some(value => value !== undefined)) shapes[name][field] = found;
  }
}

function shapeOf(kinds) {
  const name = kinds
    .find(kind => kind.$ref)
    ?.$ref.split("/")
    .at(-1);
  if (!schemas[name]?.properties) return undefined;
  collect(name);
  return name;
}

function write(target, text) {
  let before = "";
  try {
    before = readFileSync(target, "utf-8");
  } catch {
    // There is none yet.
  }
  if (text !== before) writeFileSync(target, text);
}

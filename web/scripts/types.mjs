// Writes client/schema.d.ts, the types of the API, from its description; leaves it alone where nothing is different.
import { readFileSync, writeFileSync } from "node:fs";
import openapiTS, { astToString } from "openapi-typescript";

const [source, target] = ["openapi.json", "schema.d.ts"].map(
  name => new URL(`../client/${name}`, import.meta.url),
);

const types = await openapiTS(source, { rootTypes: true, rootTypesNoSchemaPrefix: true });
const text = `// Made of openapi.json by scripts/types.mjs.\n${astToString(types)}`;
let before = "";
try {
  before = readFileSync(target, "utf-8");
} catch {
  // There is none yet.
}
if (text !== before) writeFileSync(target, text);

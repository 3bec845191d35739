// Writes words/en.json, the catalogue of what people read in the dashboard: every text given to `t`, and every noun
// that `counted` counts. With --check it writes nothing, and fails where the catalogue is stale.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import ts from "typescript";

const web = new URL("..", import.meta.url).pathname;
const target = `${web}words/en.json`;
const texts = new Set();
/** What is in these is no language. */
const AS_IT_IS = /^(code|pre|kbd)$/;

function collect(node) {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    const [first, second, third] = node.arguments;
    if (node.expression.text === "t") {
      if (!ts.isStringLiteralLike(first)) throw new Error(`t() takes a text as it stands: ${node.getText()}`);
      texts.add(first.text);
    } else if (
      ["counted", "inWords"].includes(node.expression.text) &&
      second &&
      ts.isStringLiteralLike(second)
    ) {
      texts.add(second.text);
      texts.add(third && ts.isStringLiteralLike(third) ? third.text : `${second.text}s`);
    }
  }
  if (
    ts.isJsxText(node) &&
    /\p{L}{2}/u.test(node.text) &&
    !AS_IT_IS.test(node.parent.openingElement?.tagName.getText() ?? "")
  ) {
    throw new Error(
      `${node.getSourceFile().fileName}: what people read goes through t(): ${node.text.trim()}`,
    );
  }
  ts.forEachChild(node, collect);
}

for (const folder of ["dashboard", "ui"]) {
  for (const name of readdirSync(web + folder, { recursive: true, encoding: "utf-8" })) {
    if (!/\.tsx?$/.test(name) || /\.test\.tsx?$/.test(name)) continue;
    const text = readFileSync(`${web}${folder}/${name}`, "utf-8");
    collect(ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true, ts.ScriptKind.TSX));
  }
}
const sorted = [...texts].sort((one, other) => (one < other ? -1 : one > other ? 1 : 0));
const catalogue = `${JSON.stringify(Object.fromEntries(sorted.map(text => [text, text])), null, 2)}\n`;
let before = "";
try {
  before = readFileSync(target, "utf-8");
} catch {
  // There is none yet.
}
if (catalogue !== before) {
  if (process.argv.includes("--check")) {
    process.stderr.write("words: words/en.json is stale: npm run gen\n");
    process.exit(1);
  }
  mkdirSync(`${web}words`, { recursive: true });
  writeFileSync(target, catalogue);
}

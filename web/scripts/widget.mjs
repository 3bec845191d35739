// Builds the widget: the panel, its languages and what calls attention, by hashed names; then widget.js, which names them.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { transform } from "lightningcss";
import { rolldown } from "rolldown";

const folder = name => fileURLToPath(new URL(name, import.meta.url));
const STATIC = folder("../../src/conduet/app/static");

/** Styles as text, for a constructable style sheet. */
const styles = {
  name: "styles",
  resolveId: id => (id.endsWith(".css?inline") ? folder("../widget/styles.css") : null),
  load(id) {
    if (!id.endsWith(".css")) return null;
    const { code } = transform({ filename: id, code: readFileSync(id), minify: true });
    return { code: `export default ${JSON.stringify(code.toString())}`, moduleType: "js" };
  },
};
/** Of marked only what reads: the rest, which writes HTML, cannot be left out by itself, as it is set up when it is loaded. */
const reads = {
  name: "reads",
  transform(code, id) {
    if (!id.endsWith("marked.esm.js")) return null;
    const begin = code.search(/var (\w+)=new \w+;function \w+\(\w+,\w+\)\{return \1\.parse/);
    const lexer = /(\w+) as Lexer\b/.exec(code)?.[1];
    if (begin < 0 || !lexer) throw new Error("marked is not what it was: see scripts/widget.mjs");
    return `${code.slice(0, begin)}export{${lexer} as Lexer};`;
  },
};
const input = {
  resolve: { alias: { "@client": folder("../client") } },
  transform: { target: "es2022" },
  plugins: [styles, reads],
};

const whole = await rolldown({
  ...input,
  // What is loaded later takes from the panel what the panel has.
  preserveEntrySignatures: "allow-extension",
  input: { panel: folder("../widget/panel.tsx"), attention: folder("../widget/attention.ts") },
});
const { output } = await whole.write({
  dir: `${STATIC}/widget`,
  cleanDir: true,
  format: "esm",
  minify: true,
  entryFileNames: "[name]-[hash].js",
  chunkFileNames: "[name]-[hash].js",
});
const named = name => JSON.stringify(output.find(each => each.isEntry && each.name === name).fileName);

const loader = await rolldown({
  ...input,
  input: folder("../widget/loader.ts"),
  transform: { ...input.transform, define: { __PANEL__: named("panel"), __ATTENTION__: named("attention") } },
});
await loader.write({ file: `${STATIC}/widget.js`, format: "iife", minify: true });

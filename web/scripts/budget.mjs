// Fails when what the dashboard loads first, by Vite's manifest, is over its limit (gzip, kB of 1000 bytes).
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const folder = new URL("../../src/conduet/app/static/", import.meta.url).pathname;
const LIMITS = { js: 190, css: 25, woff2: 50 };

if (!existsSync(`${folder}manifest.json`)) {
  process.stderr.write("budget: nothing is built: npm run build\n");
  process.exit(1);
}
const manifest = JSON.parse(readFileSync(`${folder}manifest.json`, "utf-8"));
const seen = new Set();
const files = new Set();
function walk(name) {
  if (seen.has(name)) return;
  seen.add(name);
  const chunk = manifest[name];
  for (const file of [chunk.file, ...(chunk.css ?? [])]) files.add(file);
  for (const next of chunk.imports ?? []) walk(next);
}
walk("index.html");
// Only this one is loaded at first: the other is for letters that few pages have.
for (const name of Object.values(manifest)) if (/latin-wght/.test(name.file)) files.add(name.file);

const sums = { js: 0, css: 0, woff2: 0 };
for (const file of files) {
  const kind = file.split(".").pop();
  const bytes = readFileSync(folder + file);
  if (kind in sums) sums[kind] += kind === "woff2" ? bytes.length : gzipSync(bytes).length;
}
let failed = false;
for (const [kind, sum] of Object.entries(sums)) {
  const over = sum > LIMITS[kind] * 1000;
  failed ||= over;
  process.stdout.write(
    `budget: ${kind} ${(sum / 1000).toFixed(1)} of ${LIMITS[kind]} kB${over ? ": TOO LARGE" : ""}\n`,
  );
}

// The widget: what every page loads, and what is loaded when somebody wants to talk, in the language that takes most.
// What calls attention, what answers stand on and what sends files is loaded where it is needed.
const size = name => gzipSync(readFileSync(`${folder}${name}`)).length;
const built = readdirSync(`${folder}widget`).filter(name => name.endsWith(".js"));
const languages = built.filter(name => /^[a-z]{2}-/.test(name)).map(name => size(`widget/${name}`));
const panel = built
  .filter(name => !/^([a-z]{2}|attention|sources|upload)-/.test(name))
  .map(name => size(`widget/${name}`));
for (const [name, limit, sum] of [
  ["widget.js", 2, size("widget.js")],
  ["widget's panel", 36, panel.reduce((all, each) => all + each, Math.max(...languages))],
]) {
  const over = sum > limit * 1000;
  failed ||= over;
  process.stdout.write(
    `budget: ${name} ${(sum / 1000).toFixed(2)} of ${limit} kB${over ? ": TOO LARGE" : ""}\n`,
  );
}
process.exit(failed ? 1 : 0);

// Writes a .br and a .gz beside each built text file that shrinks, so that the server only picks one.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";

const folder = new URL("../../src/conduet/app/static/", import.meta.url).pathname;
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  if (!entry.isFile() || !/\.(js|css|svg)$/.test(entry.name)) continue;
  const path = join(entry.parentPath ?? entry.path, entry.name);
  const whole = readFileSync(path);
  for (const [ending, packed] of [
    ["br", brotliCompressSync(whole)],
    ["gz", gzipSync(whole, { level: 9 })],
  ]) {
    if (packed.length < whole.length * 0.9) writeFileSync(`${path}.${ending}`, packed);
  }
}

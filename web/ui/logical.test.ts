import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

/** Classes and properties that name a side: what is written from right to left would not be mirrored. */
const CLASS =
  /(?<=["'`\s:])-?(?:(?:scroll-)?[mp][lr]|left|right|border-[lr]|rounded-(?:[lr]|[tb][lr]))-(?:\d|\[|px|auto|full|line|control|card|panel|pill|tag)|(?<=["'`\s:])(?:text|float|clear)-(?:left|right)(?=["'`\s])/;
const PROPERTY =
  /(?<![-\w])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-)?(?:left|right)(?:-\w+)?\s*:/;

const FOLDERS = ["ui", "dashboard", "widget"].map(name => join(import.meta.dirname, "..", name));

function found(ending: string, wrong: RegExp): string[] {
  const files = FOLDERS.flatMap(folder =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map(name => join(folder, name)),
  ).filter(name => name.endsWith(ending));
  expect(files.length).toBeGreaterThan(2);
  return files.flatMap(file =>
    readFileSync(file, "utf8")
      .split("\n")
      .flatMap((line, index) => (wrong.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
}

test("no class names the left or the right", () => {
  expect(found(".tsx", CLASS)).toEqual([]);
});

test("no style names the left or the right", () => {
  expect(found(".css", PROPERTY)).toEqual([]);
});

test.each(["ml-2", "-mr-1", "lg:pl-[3px]", "left-0", "rounded-tl-card", "text-right"])(
  "%s is found",
  name => {
    expect(CLASS.test(`className="flex ${name}"`)).toBe(true);
  },
);

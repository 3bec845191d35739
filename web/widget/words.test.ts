import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { contrast, readable } from "./colour";
import en from "./languages/en.json";

const folder = "widget/languages/";
const values = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();

describe("languages", () => {
  it.each(readdirSync(folder))("%s has every word, with what is put into it", name => {
    const words: Record<string, string> = JSON.parse(readFileSync(folder + name, "utf-8"));
    expect(Object.keys(words)).toEqual(Object.keys(en));
    for (const [word, text] of Object.entries(en)) expect(values(words[word] ?? "")).toEqual(values(text));
    const same = Object.entries(en).filter(([word, text]) => words[word] === text);
    if (name !== "en.json") expect(same.length).toBeLessThan(8);
  });
});

describe("styles", () => {
  it("know no left and no right", () => {
    for (const file of ["styles.css", "loader.ts", "attention.ts", "unread.ts"]) {
      const text = readFileSync(`widget/${file}`, "utf-8");
      expect(text.match(/^.*(?<!env\(safe-area-inset-)\b(left|right)\b *[:;)}].*$/gm)).toBeNull();
      expect(text).not.toContain("innerHTML");
    }
  });
});

describe("readable", () => {
  it("keeps the colour that was chosen where it can be read, else takes black or white", () => {
    expect(readable([15, 118, 110], [255, 255, 255])).toBe("chosen");
    expect(readable([255, 220, 0], [255, 255, 255])).toBe("#000");
    expect(readable([40, 40, 120], [60, 60, 60])).toBe("#fff");
  });

  it("finds a colour for any accent", () => {
    for (let part = 0; part < 256; part += 5) {
      const ink = readable([part, part, 255 - part], [128, 128, 128]) === "#fff" ? 255 : 0;
      expect(contrast([part, part, 255 - part], [ink, ink, ink])).toBeGreaterThanOrEqual(4.5);
    }
  });
});

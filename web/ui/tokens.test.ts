import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";

type Theme = Map<string, [number, number, number]>;

const css = readFileSync("ui/tokens.css", "utf-8");
const blocks = [...css.matchAll(/:root[^{]*\{([^}]*)\}/g)].map(match => read(match[1] ?? ""));
const [light, dark, systemDark] = blocks as [Theme, Theme, Theme];

function read(block: string): Theme {
  const found = block.matchAll(/--([\w-]+): oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)/g);
  return new Map([...found].map(([, name, l, c, h]) => [String(name), [Number(l), Number(c), Number(h)]]));
}

/** Linear sRGB by the matrices of CSS Color 4. */
function linear([L, C, H]: [number, number, number]): [number, number, number] {
  const a = C * Math.cos((H * Math.PI) / 180);
  const b = C * Math.sin((H * Math.PI) / 180);
  const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
}

function luminance(theme: Theme, name: string): number {
  const colour = theme.get(name);
  if (!colour) throw new Error(`no token ${name}`);
  const [r, g, b] = linear(colour).map(value => Math.min(1, Math.max(0, value))) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function ratio(theme: Theme, one: string, other: string): number {
  const [low, high] = [luminance(theme, one), luminance(theme, other)].sort((x, y) => x - y) as [
    number,
    number,
  ];
  return (high + 0.05) / (low + 0.05);
}

const GROUNDS = ["bg", "sunken", "surface", "raised", "hover"];
const FAMILIES = ["talk", "listen", "logic", "ai", "data", "flow"];
const PAIRS: [string, string, number][] = [
  ...GROUNDS.flatMap((ground): [string, string, number][] => [
    ["text", ground, 7],
    ["text-2", ground, 4.5],
    ["text-3", ground, 4.5],
    ["accent-text", ground, 4.5],
    ["control", ground, 3],
    ["focus", ground, 3],
    ["bad", ground, 4.5],
    ["ok", ground, 4.5],
    ["warn", ground, 4.5],
    ["info", ground, 4.5],
  ]),
  ["on-accent", "accent", 4.5],
  ["on-accent", "accent-hover", 4.5],
  ["accent-text", "accent-soft", 4.5],
  ["text", "accent-soft", 4.5],
  ...["ok", "warn", "bad", "info", ...FAMILIES].map((name): [string, string, number] => [
    name,
    `${name}-soft`,
    4.5,
  ]),
];

describe.each([
  ["light", light],
  ["dark", dark],
])("the %s theme", (_, theme) => {
  test.each(PAIRS)("%s on %s reaches %d", (ink, ground, least) => {
    expect(ratio(theme, ink, ground)).toBeGreaterThanOrEqual(least);
  });

  test("is inside sRGB", () => {
    for (const [name, colour] of theme) {
      for (const value of linear(colour)) {
        expect(value, name).toBeGreaterThan(-0.002);
        expect(value, name).toBeLessThan(1.002);
      }
    }
  });
});

test("the dark theme is the same, chosen or by the system", () => {
  expect(systemDark).toEqual(dark);
  expect([...dark.keys()]).toEqual([...light.keys()]);
});

import { expect, test } from "vitest";
import { pathOf } from "./connection";

const numbersOf = (path: string) => (path.match(/-?[\d.]+/g) ?? []).map(Number);

test("a connection that leads back goes beneath both of its cards", () => {
  const path = pathOf({ sourceX: 900, sourceY: 50, targetX: 0, targetY: 40 }, () => 180);
  const heights = numbersOf(path).filter((_, index) => index % 2);
  expect(Math.max(...heights)).toBe(200);
});

test("a connection that leads onward is a curve between its ends", () => {
  const path = pathOf({ sourceX: 0, sourceY: 50, targetX: 900, targetY: 40 }, () => 180);
  expect(numbersOf(path).filter((_, index) => index % 2)).toEqual([50, 50, 40, 40]);
});

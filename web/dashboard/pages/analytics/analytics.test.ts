import { periods } from "@dashboard/data/analytics";
import { expect, test } from "vitest";
import { change, dollars, duration, share } from "./amounts";

test("a range is compared with as many days before it", () => {
  const { now, before } = periods("7", new Date(2026, 2, 3));
  expect(now).toEqual({ from: "2026-02-25" });
  expect(before).toEqual({ from: "2026-02-18", to: "2026-02-24" });
});

test("numbers that nothing is known of are dashes", () => {
  expect([share(0, 0), dollars(undefined), duration(null)]).toEqual(["–", "–", "–"]);
  expect(change(5, 0)).toBeUndefined();
});

test("numbers are as long as they have to be", () => {
  expect([share(1, 3), dollars(0.00186), dollars(12.5), duration(940), duration(1184)]).toEqual([
    "33 %",
    "$0.00186",
    "$12.50",
    "940 ms",
    "1.2 s",
  ]);
  expect([change(15, 10), change(5, 10), change(10, 10)]).toEqual(["+50 %", "−50 %", "as before"]);
});

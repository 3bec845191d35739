import { expect, test } from "vitest";
import { monthAfter, weeksOf } from "./days";

test("a month is shown in whole weeks from Monday", () => {
  const weeks = weeksOf("2026-11");
  expect(weeks.map(week => week.length)).toEqual([7, 7, 7, 7, 7, 7]);
  expect(weeks[0]?.[0]).toEqual({ date: "2026-10-26", inMonth: false });
  expect(weeks[0]?.[6]).toEqual({ date: "2026-11-01", inMonth: true });
  expect(weeks.at(-1)?.[0]).toEqual({ date: "2026-11-30", inMonth: true });
  expect(weeksOf("2027-02")).toHaveLength(4);
});

test("months go on over the year", () => {
  expect([monthAfter("2026-12", 1), monthAfter("2026-01", -1)]).toEqual(["2027-01", "2025-12"]);
});

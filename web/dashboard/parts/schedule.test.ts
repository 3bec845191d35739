import { expect, test } from "vitest";
import { cronOf, rhythmOf } from "./schedule";

test.each([
  ["0 9 * * *", { kind: "daily", time: "09:00" }],
  ["30 17 * * 1-5", { kind: "weekdays", time: "17:30" }],
  ["0 9 * * 1", { kind: "weekly", weekday: 1, time: "09:00" }],
  ["5 0 31 * *", { kind: "monthly", day: 31, time: "00:05" }],
] as const)("%s is read in words, and written as it was", (cron, rhythm) => {
  expect(rhythmOf(cron)).toEqual(rhythm);
  expect(cronOf(rhythm)).toBe(cron);
});

test.each(["*/5 * * * *", "0 9 1 1 *", "0 9 * * MON", "0 25 * * *", "0 9 0 * *", "", "0 9 * *"])(
  "what people have no word for stays as it is: %j",
  cron => {
    expect(rhythmOf(cron)).toEqual({ kind: "cron", cron });
    expect(cronOf(rhythmOf(cron))).toBe(cron);
  },
);

test("both names of Sunday are one day", () => {
  expect(rhythmOf("0 9 * * 7")).toEqual(rhythmOf("0 9 * * 0"));
});

import { expect, test } from "vitest";
import { bytes, count, counted, say } from "./time";

const now = new Date("2026-11-26T12:00:00Z");

test.each([
  ["2026-11-26T11:59:30Z", "just now"],
  ["2026-11-26T11:58:00Z", "2 minutes ago"],
  ["2026-11-26T09:00:00Z", "3 hours ago"],
  ["2026-11-24T12:00:00Z", "2 days ago"],
  ["2026-11-01T12:00:00Z", "Nov 1, 2026"],
])("%s is said as %s", (at, said) => {
  expect(say(new Date(at), now)).toBe(said);
});

test("numbers are grouped, and an absent one is a dash", () => {
  expect([count(12480), count(0), count(undefined), counted(1, "step"), counted(0, "step")]).toEqual([
    "12,480",
    "0",
    "–",
    "1 step",
    "0 steps",
  ]);
  expect([bytes(12), bytes(1536), bytes(2_400_000)]).toEqual(["12 B", "1.5 kB", "2.4 MB"]);
});

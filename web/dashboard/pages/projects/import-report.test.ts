import { expect, it } from "vitest";
import { toldOf } from "./import-report";

it("tells of an import what there is to tell", () => {
  const counts = { steps: 12, mapped: 9, approximated: 2, dropped: 1 };
  expect(toldOf(counts)).toBe(": 12 steps, of which 9 do the same here, 2 nearly, 1 have no twin.");
  expect(toldOf({ ...counts, approximated: 0, dropped: 0 })).toBe(": 12 steps, of which 9 do the same here.");
  expect(toldOf({ steps: 0, mapped: 0, approximated: 0, dropped: 0 })).toBe(".");
});

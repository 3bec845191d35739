import { expect, test } from "vitest";
import { lengthAt, rateOf } from "./limits";

test("X counts a link as 23, letters of most languages as one and all else as two", () => {
  expect(lengthAt("x", "abc")).toBe(3);
  expect(lengthAt("x", "see https://example.com/a/very/long/path?with=a&query=of&its=own")).toBe(4 + 23);
  expect(lengthAt("x", "日本")).toBe(4);
  expect(lengthAt("x", "👩‍👩‍👧‍👦!")).toBe(3);
});

test("other targets count characters", () => {
  expect(lengthAt("linkedin", "👍 ok")).toBe(4);
});

test("a rate is told in words", () => {
  expect(rateOf({ count: 100, seconds: 900 })).toBe("at most 100 in 15 minutes");
  expect(rateOf({ count: 100, seconds: 86_400 })).toBe("at most 100 in a day");
  expect(rateOf({ count: 1, seconds: 1 })).toBe("at most 1 in a second");
  expect(rateOf(null)).toBeUndefined();
});

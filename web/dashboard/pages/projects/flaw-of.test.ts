import { expect, it } from "vitest";
import { flawOf } from "./flaw-of";

it("says of a file that is cut off that it ends too early, of another that it is no JSON", () => {
  expect(flawOf("bad.json", '{"a":')).toBe("bad.json is no JSON file: it ends too early.");
  expect(flawOf("empty.json", "")).toBe("empty.json is no JSON file: it ends too early.");
  expect(flawOf("notes.txt", "Dear all")).toBe("notes.txt is no JSON file.");
  expect(flawOf("export.json", "{}")).toBeUndefined();
});

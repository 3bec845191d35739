import { expect, test } from "vitest";
import { wordDiff } from "./word-diff";

test("what was written otherwise is told by words", () => {
  expect(wordDiff("We open on Saturdays.", "We open on Saturdays from December.")).toEqual([
    { kind: "same", text: "We open on " },
    { kind: "removed", text: "Saturdays." },
    { kind: "added", text: "Saturdays from December." },
  ]);
  expect(wordDiff("one two three four", "one three four five")).toEqual([
    { kind: "same", text: "one " },
    { kind: "removed", text: "two " },
    { kind: "same", text: "three " },
    { kind: "removed", text: "four" },
    { kind: "added", text: "four five" },
  ]);
});

test("nothing is lost of either text", () => {
  const [before, after] = ["  a b\n\nc  d ", "a  b c\n\nd e\n"];
  const pieces = wordDiff(before, after);
  const side = (kind: string) =>
    pieces
      .filter(piece => piece.kind === "same" || piece.kind === kind)
      .map(piece => piece.text)
      .join("");
  expect([side("removed"), side("added")]).toEqual([before, after]);
});

test("equal texts have no change, and long ones that share nothing are one change", () => {
  expect(wordDiff("same", "same")).toEqual([{ kind: "same", text: "same" }]);
  const long = (word: string) => `${word} `.repeat(2000);
  expect(wordDiff(long("a"), long("b")).map(piece => piece.kind)).toEqual(["removed", "added"]);
});

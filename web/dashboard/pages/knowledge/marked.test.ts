import { expect, test } from "vitest";
import { cutAt } from "./marked";

const told = (text: string, marks: number[][]) =>
  cutAt(text, marks).map(part => (part.marked ? `[${part.text}]` : part.text));

test("words are marked where the API says", () => {
  expect(
    told("Send it back", [
      [0, 4],
      [8, 12],
    ]),
  ).toEqual(["[Send]", " it ", "[back]"]);
  expect(told("Send it back", [])).toEqual(["Send it back"]);
});

test("a character is one, however it is stored", () => {
  expect(told("👋 back", [[2, 6]])).toEqual(["👋 ", "[back]"]);
});

test("marks that overlap or are empty do no harm", () => {
  expect(
    told("abcdef", [
      [0, 4],
      [2, 5],
      [5, 5],
    ]).join(""),
  ).toBe("[abcd]ef");
});

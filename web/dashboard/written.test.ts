import { act, renderHook } from "@testing-library/react";
import { beforeEach, expect, test } from "vitest";
import { forgetWritten, useWritten } from "./written";

beforeEach(() => sessionStorage.clear());

const write = (name: string, text: string) => {
  const { result, unmount } = renderHook(() => useWritten(name, ""));
  act(() => result.current[1](text));
  unmount();
};
const read = (name: string) => renderHook(() => useWritten(name, "")).result.current[0];

test("what was written is there when one comes back", () => {
  write("new/brief", "A salon");
  expect([read("new/brief"), read("new/name")]).toEqual(["A salon", ""]);
});

test("what came to what it was for is forgotten, with all below its name", () => {
  write("new/brief", "A salon");
  write("newer", "Stays");
  forgetWritten("new");
  expect([read("new/brief"), read("newer")]).toEqual(["", "Stays"]);
});

test("an empty field keeps nothing", () => {
  write("new/brief", "A salon");
  write("new/brief", "");
  expect(sessionStorage).toHaveLength(0);
});

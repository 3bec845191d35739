import type { KeyboardEvent as Pressed } from "react";
import { expect, it, vi } from "vitest";
import { pressed } from "./canvas-commands";

const press = (key: string, at: number, run: () => void) => {
  const canvas = document.createElement("section");
  const event = {
    target: canvas,
    currentTarget: canvas,
    timeStamp: at,
    nativeEvent: new KeyboardEvent("keydown", { key }),
    preventDefault: vi.fn(),
    stopPropagation: vi.fn(),
  };
  const add = { id: "add", label: "Add", group: "Canvas", keys: "a", here: true, can: true, run };
  pressed(event as unknown as Pressed, [add]);
  return event.stopPropagation;
};

it("leaves the second key of a sequence to the page, and takes it again a second later", () => {
  const run = vi.fn();
  press("g", 1000, run);
  expect(press("a", 1500, run)).not.toHaveBeenCalled();
  expect(run).not.toHaveBeenCalled();
  press("g", 2000, run);
  press("a", 3500, run);
  expect(run).toHaveBeenCalledOnce();
});

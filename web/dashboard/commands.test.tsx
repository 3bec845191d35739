import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, test, vi } from "vitest";
import { allCommands, type Command, chordOf, useCommandState, useCommands, useKeyboard } from "./commands";

function Keys({ commands }: { readonly commands: readonly Command[] }) {
  useCommands(commands);
  useKeyboard();
  return <input aria-label="Text" />;
}

const command = (keys: string, run: () => void): Command => ({
  id: keys,
  label: keys,
  group: "Test",
  keys,
  run,
});

beforeEach(() => useCommandState.getState().setSingleKeys(true));

test("a chord and a sequence run their commands", async () => {
  const [menu, knowledge] = [vi.fn(), vi.fn()];
  render(<Keys commands={[command("mod+k", menu), command("g k", knowledge)]} />);
  await userEvent.keyboard("{Control>}k{/Control}");
  expect([menu, knowledge].map(each => each.mock.calls.length)).toEqual([1, 0]);
  await userEvent.keyboard("gk");
  expect([menu, knowledge].map(each => each.mock.calls.length)).toEqual([1, 1]);
});

test("letters are text in a field, chords are not", async () => {
  const [menu, letter] = [vi.fn(), vi.fn()];
  const { getByLabelText } = render(<Keys commands={[command("mod+k", menu), command("j", letter)]} />);
  await userEvent.click(getByLabelText("Text"));
  await userEvent.keyboard("j{Control>}k{/Control}");
  expect([menu, letter].map(each => each.mock.calls.length)).toEqual([1, 0]);
});

test("keys without a modifier can be switched off", async () => {
  const letter = vi.fn();
  render(<Keys commands={[command("j", letter)]} />);
  useCommandState.getState().setSingleKeys(false);
  await userEvent.keyboard("j");
  expect(letter).not.toHaveBeenCalled();
});

test("commands leave with what offered them, and the latest run counts", async () => {
  const [first, second] = [vi.fn(), vi.fn()];
  const { rerender, unmount } = render(<Keys commands={[command("j", first)]} />);
  rerender(<Keys commands={[command("j", second)]} />);
  await userEvent.keyboard("j");
  expect([first, second].map(each => each.mock.calls.length)).toEqual([0, 1]);
  unmount();
  expect(allCommands(useCommandState.getState().offered)).toEqual([]);
});

test("on a layout of other letters a chord is by its key's place, and none while an input method composes", () => {
  const chord = (key: string, more: KeyboardEventInit) =>
    chordOf(new KeyboardEvent("keydown", { key, ctrlKey: true, ...more }));
  expect(chord("я", { code: "KeyZ" })).toBe("mod+z");
  expect(chord("Я", { code: "KeyZ", shiftKey: true })).toBe("mod+shift+z");
  expect(chord("z", { code: "KeyY" })).toBe("mod+z");
  expect(chord("Enter", { isComposing: true })).toBeUndefined();
});

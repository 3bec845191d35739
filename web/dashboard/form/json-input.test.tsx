import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import { JsonInput } from "./json-input";

const given = vi.fn();
beforeEach(() => given.mockClear());

function Form() {
  const [value, setValue] = useState<unknown>([1]);
  return (
    <>
      <JsonInput
        value={value}
        onChange={next => {
          given(next);
          setValue(next);
        }}
      />
      <button type="button" onClick={() => setValue([9])}>
        Undo
      </button>
    </>
  );
}

function shown() {
  const { getByRole, queryByText } = render(<Form />);
  const area = getByRole("textbox") as HTMLTextAreaElement;
  const write = async (text: string) => {
    await userEvent.clear(area);
    await userEvent.click(area);
    await userEvent.paste(text);
    await userEvent.tab();
  };
  return { area, write, undo: getByRole("button"), wrong: () => queryByText(/Not JSON yet/) !== null };
}

test("what is no JSON yet stays as it was typed when one leaves, and says so", async () => {
  const { area, write, wrong } = shown();
  await write('{"name": "Ana",}');
  expect([area.value, wrong()]).toEqual(['{"name": "Ana",}', true]);
  await userEvent.type(area, "{Backspace}{Backspace}}");
  expect([given.mock.lastCall, wrong()]).toEqual([[{ name: "Ana" }], false]);
});

test("JSON is put in order when one leaves", async () => {
  const { area, write } = shown();
  await write('{"name":"Ana"}');
  expect(area.value).toBe('{\n  "name": "Ana"\n}');
});

test("a value that changes elsewhere takes the place of what was typed", async () => {
  const { area, write, wrong, undo } = shown();
  await write("[1,");
  await userEvent.click(undo);
  expect([area.value, wrong()]).toEqual(["[\n  9\n]", false]);
});

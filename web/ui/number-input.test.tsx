import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test, vi } from "vitest";
import { NumberInput, type NumberInputProps } from "./number-input";

const given = vi.fn();

function Form({ start, ...rest }: { readonly start?: number } & Partial<NumberInputProps>) {
  const [value, setValue] = useState(start);
  const take = (next: number | undefined) => {
    given(next);
    setValue(next);
  };
  return (
    <>
      <NumberInput aria-label="Amount" {...rest} value={value} onChange={take} />
      <button type="button" onClick={() => setValue(9)}>
        Undo
      </button>
    </>
  );
}

function shown(start?: number, rest: Partial<NumberInputProps> = {}) {
  given.mockClear();
  const { getByLabelText, getByText } = render(<Form {...(start !== undefined && { start })} {...rest} />);
  return { input: getByLabelText("Amount") as HTMLInputElement, undo: getByText("Undo") };
}

test.each(["0.05", "1.05", "-0.5", "0.10", "1e3"])("%s is typed as it is, and is that number", async text => {
  const { input } = shown();
  await userEvent.type(input, text);
  expect(input.value).toBe(text);
  expect(given).toHaveBeenLastCalledWith(Number(text));
});

test("a number that is needed can be emptied to write another, and is the last one again where nothing is written", async () => {
  const { input } = shown(5, { needed: true });
  await userEvent.type(input, "{Backspace}");
  expect(input.value).toBe("");
  await userEvent.tab();
  expect(input.value).toBe("5");
  await userEvent.type(input, "{Backspace}7");
  expect(input.value).toBe("7");
  expect(given.mock.calls).toEqual([[7]]);
});

test("a number that is needed stays the last one while what is typed is out of its bounds", async () => {
  const { input } = shown(3, { needed: true, min: 1, max: 31, step: 1 });
  await userEvent.type(input, "2");
  expect(input.value).toBe("32");
  expect(given).not.toHaveBeenCalled();
});

test("an emptied number that may be left out is left out", async () => {
  const { input } = shown(5);
  await userEvent.clear(input);
  expect(given).toHaveBeenLastCalledWith(undefined);
});

test("a value that changes elsewhere is shown, also while the field has the focus", async () => {
  const { input, undo } = shown(5);
  await userEvent.type(input, "{Backspace}1.0");
  undo.click();
  await expect.poll(() => input.value).toBe("9");
});

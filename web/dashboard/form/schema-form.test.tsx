import { render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { SchemaForm } from "./schema-form";

const number = { control: "number" };

function Form({ third }: { readonly third?: number }) {
  const [value, setValue] = useState<Record<string, unknown>>({ third });
  const schema = { properties: { first: number, second: number, third: number } };
  return <SchemaForm schema={schema} root={{}} value={value} onChange={setValue} />;
}

test("a field under More stays where it is while it is filled in", async () => {
  const { getByLabelText, getByText } = render(<Form />);
  await userEvent.click(getByText("More"));
  await userEvent.click(getByLabelText("Second"));
  await userEvent.keyboard("12");
  expect((getByLabelText("Second") as HTMLInputElement).value).toBe("12");
});

test("a field that is emptied to be filled in anew stays where it is", async () => {
  const { getByLabelText } = render(<Form third={5} />);
  await userEvent.click(getByLabelText("Third"));
  await userEvent.keyboard("{Backspace}7");
  expect((getByLabelText("Third") as HTMLInputElement).value).toBe("7");
});

import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { fireEvent, render } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useState } from "react";
import { expect, test } from "vitest";
import { FormField } from "./form-field";
import { NamesProvider } from "./names";

const names = {
  variables: ["name", "price", "lastname", "note"].map(name => ({ name, type: "text" })),
  workflows: [],
  tools: [],
  playbooks: [],
  languages: ["en"],
  addVariable: () => undefined,
};

function Form({ control }: { readonly control: string }) {
  const [value, setValue] = useState<unknown>("");
  return (
    <QueryClientProvider client={new QueryClient()}>
      <NamesProvider value={names}>
        <FormField
          schema={{ control }}
          root={{}}
          label="Field"
          path="field"
          value={value}
          onChange={setValue}
        />
        <button type="button">Next</button>
      </NamesProvider>
    </QueryClientProvider>
  );
}

function shown(control: string) {
  const { getByLabelText, queryAllByRole } = render(<Form control={control} />);
  const field = getByLabelText("Field") as HTMLInputElement;
  return {
    field,
    offered: () => queryAllByRole("option").map(each => each.textContent?.replace("text", "")),
  };
}

test("code is what was typed", async () => {
  const { field, offered } = shown("code");
  await userEvent.type(field, "const n = 2;{Enter}let i{Enter}i = n{Enter}return i{Enter}");
  expect(field.value).toBe("const n = 2;\nlet i\ni = n\nreturn i\n");
  expect(offered()).toEqual([]);
});

test("an expression is what was typed, and Tab leaves it", async () => {
  const { field } = shown("expression");
  await userEvent.type(field, "now + n{Enter}");
  await userEvent.tab();
  expect(field.value).toBe("now + n");
  expect(document.activeElement?.textContent).toBe("Next");
});

test("an expression offers the names that begin as the word does, and takes the one that was gone to", async () => {
  const { field, offered } = shown("expression");
  await userEvent.type(field, "1 + n");
  expect(offered()).toEqual(["name", "note"]);
  await userEvent.keyboard("{ArrowDown}{ArrowDown}{Enter}");
  expect([field.value, offered()]).toEqual(["1 + note", []]);
  await userEvent.type(field, " + {Control>} {/Control}{Enter}");
  expect(field.value).toBe("1 + note + name");
});

test.each(["price", "'pri", "note | pri", "1 + 'a' + \"pri", "x.pri"])("%s offers nothing", async text => {
  const { field, offered } = shown("expression");
  await userEvent.type(field, text);
  expect(offered()).toEqual([]);
});

test("braces in a template offer names, first those that begin as the word does", async () => {
  const { field, offered } = shown("textarea");
  await userEvent.type(field, "Hello {{{{name");
  expect(offered()).toEqual(["name", "lastname"]);
  await userEvent.keyboard("{Enter}");
  expect(field.value).toBe("Hello {{name}}");
});

test("keys that belong to an input method take nothing", async () => {
  const { field } = shown("textarea");
  await userEvent.type(field, "{{{{na");
  fireEvent.keyDown(field, { key: "Enter", isComposing: true });
  expect(field.value).toBe("{{na");
});

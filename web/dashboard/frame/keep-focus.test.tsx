import { render, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, expect, it, vi } from "vitest";
import { useKeptFocus } from "./keep-focus";

let setItems: (items: string[]) => void;

function Page() {
  useKeptFocus();
  const [items, put] = useState(["one", "two"]);
  setItems = put;
  return (
    <main id="page" tabIndex={-1}>
      <fieldset data-testid="list">
        <legend>Items</legend>
        {items.map(each => (
          <p key={each} data-testid={each}>
            <button type="button">Remove {each}</button>
          </p>
        ))}
      </fieldset>
    </main>
  );
}

beforeEach(() => {
  render(<Page />);
});

it("goes to what stood around a control that is taken away", async () => {
  screen.getByText("Remove one").focus();
  setItems(["two"]);
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByTestId("list")));
});

it("is left alone where somebody left the control before it went", async () => {
  const button = screen.getByText("Remove one");
  button.focus();
  button.blur();
  await new Promise(done => setTimeout(done, 20));
  setItems(["two"]);
  await new Promise(done => setTimeout(done, 200));
  expect(document.activeElement).toBe(document.body);
});

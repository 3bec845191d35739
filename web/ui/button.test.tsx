import { fireEvent, render, screen } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { Button } from "./button";

const press = () => fireEvent.click(screen.getByRole("button"));

test("two presses in one moment begin what takes time once", () => {
  const submit = vi.fn(event => event.preventDefault());
  render(
    <form onSubmit={submit}>
      <Button type="submit" busy={false}>
        Create project
      </Button>
    </form>,
  );
  press();
  press();
  expect(submit).toHaveBeenCalledOnce();
});

test("what is over can be begun again at once", () => {
  const begin = vi.fn();
  const shown = (busy: boolean) => (
    <Button busy={busy} onClick={begin}>
      Save
    </Button>
  );
  const { rerender } = render(shown(false));
  press();
  rerender(shown(true));
  rerender(shown(false));
  press();
  expect(begin).toHaveBeenCalledTimes(2);
});

test("what takes no time is pressed as often as one likes", () => {
  const count = vi.fn();
  render(<Button onClick={count}>Next</Button>);
  press();
  press();
  expect(count).toHaveBeenCalledTimes(2);
});

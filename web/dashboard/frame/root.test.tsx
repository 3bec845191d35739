import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { Failed } from "./root";

const show = (error: Error) => render(<Failed error={error} reset={() => undefined} />);

it("says in its own words that the file of a page did not come, and loads the page anew", () => {
  const reload = vi.spyOn(location, "reload").mockImplementation(() => undefined);
  show(new TypeError("Failed to fetch dynamically imported module: http://here/assets/page-1.js"));
  const told = screen.getByRole("alert").textContent;
  expect(told).toContain("The page could not be loaded.");
  expect(told).toContain("There was no answer, or Conduet was updated since this page was opened.");
  expect(told).not.toContain("http");
  screen.getByRole("button", { name: "Try again" }).click();
  expect(reload).toHaveBeenCalledOnce();
});

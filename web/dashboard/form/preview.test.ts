import { expect, test } from "vitest";
import { rendered } from "./preview";

test("a template is shown with the values of the last test; what is computed or unknown stays as it is typed", () => {
  const values = { name: "Ana", order: { lines: [{ count: 2 }] }, left: 0 };
  expect(rendered("Hello {{ name }}, {{order.lines[0].count}} of {{left}}", values)).toBe(
    "Hello Ana, 2 of 0",
  );
  expect(rendered("{{ name | upper }} {{nobody}} {{name.first}}", values)).toBe(
    "{{ name | upper }} {{nobody}} {{name.first}}",
  );
});

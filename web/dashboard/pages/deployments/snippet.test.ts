import { expect, test } from "vitest";
import { snippetOf } from "./snippet";

test("what is as usual is left out, and what people write stays inside its quotes", () => {
  const host = "https://agents.example";
  expect(snippetOf({ key: "cdt_1" }, host)).toBe(
    '<script src="https://agents.example/widget.js" data-key="cdt_1" defer></script>',
  );
  expect(
    snippetOf(
      { key: 'cdt_1"', greeting: 'Hi & "you" <b>', theme: "dark", position: "start", open: true },
      host,
    ),
  ).toBe(
    '<script src="https://agents.example/widget.js" data-key="cdt_1&quot;" data-greeting="Hi &amp; &quot;you&quot; &lt;b>" data-theme="dark" data-position="start" data-open defer></script>',
  );
});

import { expect, test } from "vitest";
import { patchOf, snippetOf, suggestedSlug } from "./look";

const HOST = "https://agents.example";

test("what is as usual is left out, and what people write stays inside its quotes", () => {
  expect(snippetOf("cdt_1", {}, "production", HOST)).toBe(
    '<script src="https://agents.example/widget.js" data-key="cdt_1" defer></script>',
  );
  expect(
    snippetOf(
      'cdt_1"',
      {
        greeting: 'Hi & "you" <b>',
        greetingDelay: 3,
        theme: "dark",
        lang: "de",
        position: "start",
        open: true,
      },
      "development",
      HOST,
    ),
  ).toBe(
    '<script src="https://agents.example/widget.js" data-key="cdt_1&quot;" data-version="development" data-greeting="Hi &amp; &quot;you&quot; &lt;b>" data-greeting-delay="3" data-theme="dark" data-lang="de" data-position="start" data-open defer></script>',
  );
  expect(snippetOf("cdt_1", { accent: "#0f766e" }, undefined, HOST)).toMatch(
    /^<style>conduet-chat { --cdt-accent: #0f766e }<\/style>\n<script /,
  );
});

test("a patch names what became another, and takes back what was emptied", () => {
  const before = { slug: "help", greeting: "Hi", open: true } as const;
  expect(patchOf(before, { ...before, theme: "dark" })).toEqual({ theme: "dark" });
  expect(patchOf(before, { slug: "help", greeting: undefined, open: true })).toEqual({ greeting: null });
  expect(patchOf(before, { ...before })).toEqual({});
});

test("a suggested address is one that the server takes, whatever the project is called", () => {
  for (const name of ["Shop", "shop--help", "東京", "-a-", "x".repeat(200)]) {
    const slug = suggestedSlug(name);
    expect(slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
    expect(slug.length).toBeLessThanOrEqual(64);
  }
});

import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, it } from "vitest";
import { replaced, replacements } from "./replacing";

const step = (id: string, config: object, name?: string) => ({ id, type: "message", name, config });
const project = (...steps: object[]) =>
  ({ workflows: [{ id: "main", steps, connections: [] }] }) as unknown as ProjectDocument;

const before = project(
  step("a", { text: "Our shop is open" }, "Shop"),
  step("b", { buttons: [{ id: "shop", label: "The shop" }] }),
  step("c", { variable: "shop", text: "No" }),
);

it("finds words in names and texts, whatever their case, and leaves ids and names of variables", () => {
  const found = replacements(before, "shop", "store");
  expect(found.map(each => [each.id, each.path.join("."), each.after])).toEqual([
    ["a", "name", "store"],
    ["a", "config.text", "Our store is open"],
    ["b", "config.buttons.0.label", "The store"],
  ]);
});

it("finds and replaces words of notes too", () => {
  const [flow] = before.workflows;
  const noted = { ...before, workflows: [{ ...flow, notes: [{ id: "n", text: "The shop closes" }] }] };
  const found = replacements(noted as unknown as ProjectDocument, "shop closes", "store opens");
  expect(found.map(each => [each.id, each.name, each.path.join(".")])).toEqual([
    ["n", "The shop closes", "text"],
  ]);
  const after = replaced(noted as unknown as ProjectDocument, found).workflows[0];
  expect(after?.notes).toEqual([{ id: "n", text: "The store opens" }]);
});

it("heeds the case of what has capitals", () => {
  expect(replacements(before, "Shop", "Store").map(each => each.after)).toEqual(["Store"]);
});

it("takes what is written as it is", () => {
  expect(replacements(project(step("a", { text: "a.b $5" })), "a.b", "$&").map(each => each.after)).toEqual([
    "$& $5",
  ]);
});

it("replaces what was chosen, and nothing that changed meanwhile", () => {
  const [, text] = replacements(before, "shop", "store");
  if (!text) throw new Error("nothing found");
  expect(replaced(before, [text]).workflows[0]?.steps[0]?.config).toEqual({ text: "Our store is open" });
  const meanwhile = project(step("a", { text: "Closed" }));
  expect(replaced(meanwhile, [text])).toEqual(meanwhile);
});

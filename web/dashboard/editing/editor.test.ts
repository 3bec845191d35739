import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, it } from "vitest";
import { createEditor, type Editor } from "./editor";
import { inWorkflow, without } from "./flow";

const step = (id: string, text = id) => ({ id, type: "message", config: { text }, position: { x: 0, y: 0 } });
const wire = (source: string, target: string) => ({
  id: `${source}-${target}`,
  source,
  sourcePort: "next",
  target,
});
const begun = () => {
  const connections = [wire("a", "b"), wire("b", "c")];
  const main = { id: "main", steps: [step("a"), step("b"), step("c")], connections, notes: [] };
  return { workflows: [main], variables: [], problems: [] } as unknown as ProjectDocument;
};
const write = (editor: Editor, id: string, text: string) =>
  editor.getState().edit(`Edit ${id}`, now => written(now, id, text));
const written = (document: ProjectDocument, id: string, text: string) =>
  inWorkflow(document, "main", flow => ({
    ...flow,
    steps: flow.steps.map(each => (each.id === id ? { ...each, config: { text } } : each)),
  }));
const removed = (document: ProjectDocument, id: string) =>
  inWorkflow(document, "main", flow => without(flow, new Set([id])));
const texts = (editor: Editor) =>
  editor.getState().document.workflows[0]?.steps.map(each => each.config["text"]);
const wires = (editor: Editor) => editor.getState().document.workflows[0]?.connections.map(each => each.id);

it("takes back that very edit, whatever was edited after it, and once", () => {
  const editor = createEditor("p", begun(), '"1"');
  editor.getState().edit("Delete b", now => removed(now, "b"));
  const deletion = editor.getState().done.at(-1);
  write(editor, "a", "later");
  expect(editor.getState().undo(deletion)).toEqual({ label: "Delete b", kept: 0 });
  expect(texts(editor)).toEqual(["later", "b", "c"]);
  expect(wires(editor)?.toSorted()).toEqual(["a-b", "b-c"]);
  expect(editor.getState().undo(deletion)).toBeUndefined();
  expect(texts(editor)).toEqual(["later", "b", "c"]);
});

it("leaves what a colleague has changed since, and tells it", () => {
  const editor = createEditor("p", begun(), '"1"');
  write(editor, "a", "mine");
  editor.getState().keep(editor.getState().document, '"2"', [], Date.now());
  editor.getState().take(written(editor.getState().document, "a", "theirs"), '"3"');
  expect(editor.getState().undo()).toEqual({ label: "Edit a", kept: 1 });
  expect(texts(editor)).toEqual(["theirs", "b", "c"]);
  expect(editor.getState().clashes).toEqual([]);
});

it("keeps the step that I write in and somebody deletes, where it stood, until one of both is chosen", () => {
  const document = begun();
  const editor = createEditor("p", document, '"1"');
  write(editor, "b", "mine");
  editor.getState().take(removed(document, "b"), '"2"');
  expect(texts(editor)).toEqual(["a", "mine", "c"]);
  expect(wires(editor)?.toSorted()).toEqual(["a-b", "b-c"]);
  const [clash] = editor.getState().clashes;
  if (!clash) throw new Error("it is told");
  editor.getState().choose(clash, clash.theirs);
  expect(texts(editor)).toEqual(["a", "c"]);
  expect(wires(editor)).toEqual([]);
  editor.getState().choose(clash, clash.mine);
  expect(texts(editor)).toEqual(["a", "c", "mine"]);
});

it("tells why a save was refused at its step, until one is taken", () => {
  const editor = createEditor("p", begun(), '"1"');
  write(editor, "b", "wrong");
  const path = "workflows[0].steps[1].config.text";
  const refused = { kind: "failed", message: "No.", details: [{ path, message: "No." }] } as const;
  editor.getState().tell(refused);
  editor.getState().tell(refused);
  expect(editor.getState().problems).toMatchObject([
    { stepId: "b", workflowId: "main", path, severity: "error" },
  ]);
  editor.getState().tell({ kind: "saved" });
  expect(editor.getState().problems).toEqual([]);
});

import { keepCsrf, onSignedIn } from "@client/api";
import { fromServer } from "@dashboard/data/filled";
import type { ProjectDocument } from "@dashboard/data/projects";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createEditor, type Editor } from "./editor";
import { join, takeRead } from "./joining";
import { saverOf } from "./saver";
import { whenSaved } from "./when-saved";

const named = (name: string) =>
  fromServer({ id: "proj_1", name, workflows: [] } as unknown as ProjectDocument);
const answer = (name: string, etag: number) =>
  Response.json({ id: "proj_1", name, workflows: [] }, { headers: { ETag: `"${etag}"` } });
const refused = (status: number, error: string) =>
  Response.json({ code: "NO", error, details: [] }, { status });

let editor: Editor;
const server = vi.fn<(address: string, request?: RequestInit) => Promise<Response>>();
const rename = (name: string) => editor.getState().edit("Rename", now => ({ ...now, name }));
const sent = () => server.mock.calls.map(([, request]) => request?.body);

beforeEach(() => {
  server.mockReset();
  vi.stubGlobal("fetch", server);
  editor = createEditor("proj_1", named("Old"), '"1"');
});
afterEach(() => vi.unstubAllGlobals());

test("what is to be run is saved at once, with what is edited while a save runs", async () => {
  let answerFirst: (response: Response) => void = () => undefined;
  server.mockReturnValueOnce(new Promise(resolve => (answerFirst = resolve)));
  server.mockImplementation(async () => answer("New", 3));
  rename("Newer");
  void saverOf(editor).now();
  rename("New");
  const saved = whenSaved(editor);
  answerFirst(answer("Newer", 2));
  await saved;
  expect(sent().map(body => JSON.parse(String(body))[0].value)).toEqual(["Newer", "New"]);
  expect(editor.getState()).toMatchObject({ etag: '"3"', save: { kind: "saved" } });
});

test("what cannot be saved is not run, and says why, until it can be saved", async () => {
  server.mockImplementationOnce(async () => refused(422, "name: Too odd."));
  rename("New");
  await expect(whenSaved(editor)).rejects.toThrow("Not saved: name: Too odd.");
  server.mockImplementationOnce(async () => answer("New", 2));
  await whenSaved(editor);
  expect(sent()).toHaveLength(2);
});

test("whoever is signed out has it saved once they are signed in again", async () => {
  server.mockImplementationOnce(async () => refused(401, "A developer token is needed."));
  rename("New");
  await expect(whenSaved(editor)).rejects.toThrow("You are signed out; your changes are kept here.");
  expect(editor.getState().save.kind).toBe("signed-out");
  server.mockImplementationOnce(async () => answer("New", 2));
  const forget = onSignedIn(() => saverOf(editor).later(0));
  keepCsrf("token");
  forget();
  await vi.waitFor(() => expect(editor.getState().save.kind).toBe("saved"));
});

test("a document that was read before my last save takes nothing back", async () => {
  const told = vi.fn();
  let answerRead: (response: Response) => void = () => undefined;
  server.mockReturnValueOnce(new Promise(resolve => (answerRead = resolve)));
  server.mockImplementationOnce(async () => answer("New", 2));
  const joined = join(editor, told);
  rename("New");
  await whenSaved(editor);
  answerRead(answer("Old", 1));
  await joined;
  expect(editor.getState()).toMatchObject({ etag: '"2"', document: { name: "New" } });
  expect(told).not.toHaveBeenCalled();
});

test("a page that was asked for before my last save is old", () => {
  editor = createEditor("proj_1", named("New"), '"2"');
  expect(takeRead(editor, { document: named("Old"), etag: '"1"' })).toBe(false);
  expect(editor.getState().document.name).toBe("New");
  expect(takeRead(editor, { document: named("Newest"), etag: '"3"' })).toBe(true);
  expect(editor.getState()).toMatchObject({ etag: '"3"', document: { name: "Newest" } });
});

test("a server that was set back is followed", async () => {
  editor = createEditor("proj_1", named("Old"), '"9"');
  server.mockImplementationOnce(async () => answer("Restored", 4));
  await join(editor, vi.fn());
  expect(editor.getState()).toMatchObject({ etag: '"4"', document: { name: "Restored" } });
});

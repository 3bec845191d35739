import { expect, test } from "vitest";
import type { Transcript } from "../data/turns";
import { conversationOf } from "./told";

const at = (second: number) => `2026-11-25T12:00:0${second}.000Z`;
const message = (id: string, role: "user" | "assistant" | "person", content: string, second: number) => ({
  id,
  role,
  content,
  createdAt: at(second),
});
const transcript: Transcript = {
  id: "txn_1",
  userId: "kim",
  platform: "web",
  resolved: false,
  escalated: true,
  messageCount: 4,
  startedAt: at(0),
  endedAt: at(4),
  messages: [
    message("m1", "assistant", "Hello", 0),
    message("m2", "user", "A person", 2),
    message("m3", "person", "I am Ana.", 3),
    message("m4", "assistant", "Hello", 4),
  ],
  traces: [
    { turnId: "t1", type: "text", payload: { message: "Hello" }, time: at(0) },
    { turnId: "t2", type: "handoff", payload: { target: "people", reason: "" }, time: at(2) },
    { turnId: "t3", type: "text", payload: { message: "Hello" }, time: at(4) },
  ],
};

test("what was said and what was traced are one conversation, in its order", () => {
  const { items, turns } = conversationOf(transcript);
  const said = items.map(item => ("text" in item ? item.text : item.kind));
  expect(said).toEqual(["Hello", "A person", "handoff", "I am Ana.", "Hello"]);
  expect(turns.map(turn => turn.id)).toEqual(["t1", "t2", "t3"]);
});

test("what was sent stands where it was, from this server if it was uploaded", () => {
  const file = { turnId: "t2", mimeType: "image/png", sentAt: at(1) };
  const files = [
    { ...file, url: "https://evil.example/files/file_1", name: "wheel.png" },
    { ...file, turnId: "t3", url: "https://cdn.example/a.png", name: null },
  ];
  const { items } = conversationOf({ ...transcript, files });
  expect(items.slice(1, 3).map(item => item.kind === "user" && [item.text, item.file])).toEqual([
    ["wheel.png", { url: "/api/v1/files/file_1", mimeType: "image/png" }],
    ["https://cdn.example/a.png", { url: "https://cdn.example/a.png", mimeType: "" }],
  ]);
});

test("what a person said is theirs, and not the agent's", () => {
  const { items } = conversationOf(transcript);
  const theirs = items.filter(item => item.kind === "text" && item.person);
  expect(theirs.map(item => "text" in item && item.text)).toEqual(["I am Ana."]);
});

test("without traces the messages are shown", () => {
  const { items } = conversationOf({ ...transcript, traces: undefined });
  expect(items.map(item => "text" in item && item.text)).toEqual(["Hello", "A person", "I am Ana.", "Hello"]);
});

test("what came before a turn goes without its words", () => {
  const { items, turns } = conversationOf(transcript, { turnId: "t2", startedAt: at(2) });
  expect(items.map(item => "text" in item && item.text)).toEqual(["Hello"]);
  expect(turns.map(turn => turn.id)).toEqual(["t1"]);
});

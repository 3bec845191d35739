import type { ProjectDocument } from "@dashboard/data/projects";
import { expect, test } from "vitest";
import { changedPlace } from "./place";

const tool = (id: string, name = id) => ({ id, name, type: "http", config: {} });
const step = (id: string, name = id) => ({ id, name, type: "message", config: {}, position: { x: 0, y: 0 } });

function made(more: object = {}, harness: object = {}, settings: object = {}): ProjectDocument {
  const lists = { pipelines: [], variables: [], tools: [], playbooks: [], intents: [], secrets: [] };
  const workflows = [{ id: "main", steps: [step("one")], connections: [] }];
  const behaviourConfig = { ...settings, agentHarness: harness };
  return {
    framework: "agentic",
    ...lists,
    workflows,
    behaviourConfig,
    ...more,
  } as unknown as ProjectDocument;
}

test.each([
  ["a part", made({ tools: [tool("a")] }), made({ tools: [tool("a", "b")] }), { kind: "tools", item: "a" }],
  ["a part that is back", made({ tools: [tool("a")] }), made({ tools: [tool("b"), tool("a")] }), "b"],
  ["a part that went", made({ tools: [tool("a")] }), made(), { kind: "tools", item: undefined }],
  [
    "parts in another order",
    made({ tools: [tool("a"), tool("b")] }),
    made({ tools: [tool("b"), tool("a")] }),
    "b",
  ],
  [
    "a step",
    made(),
    made({ workflows: [{ id: "main", steps: [step("one", "two")], connections: [] }] }),
    { workflow: "main", step: "one" },
  ],
  [
    "a phase",
    made({}, { phases: [{ id: "x" }] }),
    made({}, { phases: [{ id: "x", name: "X" }] }),
    { tab: "phases", item: "x" },
  ],
  ["a limit", made({}, { maxRounds: 1 }), made({}, { maxRounds: 2 }), { tab: "limits" }],
  ["the budget", made({}, {}, { budget: { perDayUsd: 1 } }), made(), { tab: "limits" }],
  ["the persona", made(), made({}, {}, { persona: "Calm." }), { tab: "persona" }],
  ["nothing of it", made({ name: "One" }), made({ name: "Two" }), undefined],
])("%s leads to its place", (_, before, after, place) => {
  const expected = typeof place === "string" ? { kind: "tools", item: place } : place;
  expect(changedPlace(before, after)).toEqual(expected);
});

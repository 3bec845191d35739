import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { asGiven, bare, filled, fromServer } from "./filled";
import type { ProjectDocument } from "./projects";

const TEMPLATES = "../src/conduet/projects/templates";
const sparse = {
  id: "proj_1",
  workflows: [
    {
      id: "main",
      steps: [
        { id: "start", type: "start" },
        { id: "hello", type: "message" },
      ],
    },
  ],
  playbooks: [{ id: "booking", inputs: ["bike", { name: "day" }], exits: [{ id: "done" }] }],
} as unknown as ProjectDocument;

test("what a document leaves out is there as the API says it is by default", () => {
  const { workflows, playbooks, variables, behaviourConfig } = filled(sparse);
  expect(workflows[0]).toMatchObject({ name: "", connections: [], notes: [] });
  expect(workflows[0]?.steps[1]).toEqual({
    id: "hello",
    type: "message",
    config: {},
    position: { x: 320, y: 0 },
  });
  expect(playbooks[0]).toMatchObject({ toolIds: [], inputs: ["bike", { name: "day" }] });
  expect(playbooks[0]?.exits).toEqual([{ id: "done", description: "", collects: [] }]);
  expect(variables).toEqual([]);
  expect(behaviourConfig.retention).toEqual({ transcriptsDays: 365, journalDays: 30 });
});

test("what lacks nothing stays the same object", () => {
  const once = filled(sparse);
  expect(filled(once)).toBe(once);
  const [workflow] = filled({ ...once, playbooks: [] }).workflows;
  expect(workflow).toBe(once.workflows[0]);
});

test("a default is no object that two documents share", () => {
  expect(filled(sparse).variables).not.toBe(filled({ ...sparse }).variables);
});

test("of an edited document what was edited is saved, and none of the defaults", () => {
  const whole = fromServer(sparse);
  expect(bare(whole, whole)).toEqual(sparse);
  const [booking] = whole.playbooks;
  const day = { id: "day", description: "", collects: [] };
  const edited = {
    ...whole,
    playbooks: [{ ...booking, name: "Booking", exits: [...(booking?.exits ?? []), day] }],
  };
  const saved = bare(edited as ProjectDocument, whole);
  expect(saved).toEqual({
    ...sparse,
    playbooks: [{ ...sparse.playbooks[0], name: "Booking", exits: [{ id: "done" }, day] }],
  });
  expect(asGiven(edited as ProjectDocument)).toBe(saved);
});

test("a default that somebody wrote stays", () => {
  const written = { ...sparse, playbooks: [{ id: "booking", toolIds: [] }] } as unknown as ProjectDocument;
  const whole = fromServer(written);
  expect(bare({ ...whole, name: "Shop" }, whole).playbooks).toEqual([{ id: "booking", toolIds: [] }]);
});

test("a step that was moved is saved with its place", () => {
  const whole = fromServer(sparse);
  const [flow] = whole.workflows;
  const steps =
    flow?.steps.map(step => (step.id === "hello" ? { ...step, position: { x: 8, y: 8 } } : step)) ?? [];
  const saved = bare({ ...whole, workflows: [{ ...flow, steps }] } as ProjectDocument, whole);
  expect(saved.workflows[0]?.steps).toEqual([
    { id: "start", type: "start" },
    { id: "hello", type: "message", position: { x: 8, y: 8 } },
  ]);
});

test.each(readdirSync(TEMPLATES))("%s is saved as it was written, where nothing is edited", file => {
  const written = JSON.parse(readFileSync(`${TEMPLATES}/${file}`, "utf-8")) as ProjectDocument;
  const whole = fromServer(written);
  expect(bare({ ...whole }, whole)).toEqual(written);
});

test("items without a key are known by their place, and keep the defaults that they say", () => {
  const turns = [{ action: { type: "launch" } }, { action: { type: "launch" }, expect: [] }];
  const targets = [{ closed: "Gone home." }, { name: "", hours: [] }];
  const written = {
    ...sparse,
    tests: [{ id: "greets", turns }],
    behaviourConfig: { handoff: { targets } },
  } as unknown as ProjectDocument;
  const whole = fromServer(written);
  const kept = bare({ ...whole }, whole);
  expect(kept.tests).toEqual(written.tests);
  expect(kept.behaviourConfig.handoff).toEqual(written.behaviourConfig.handoff);
});

test("a step that stood behind another in its row keeps its place when that one is deleted", () => {
  const whole = fromServer(sparse);
  const [flow] = whole.workflows;
  const steps = flow?.steps.slice(1) ?? [];
  const saved = bare({ ...whole, workflows: [{ ...flow, steps }] } as ProjectDocument, whole);
  expect(saved.workflows[0]?.steps).toEqual([{ id: "hello", type: "message", position: { x: 320, y: 0 } }]);
});

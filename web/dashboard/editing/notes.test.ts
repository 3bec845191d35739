import { expect, it } from "vitest";
import type { Workflow } from "./flow";
import { around, called, isInside, moved, notesOf, titleOfNote, withHeld, withNotes } from "./notes";

const step = (id: string, x: number, y: number) => ({ id, type: "message", config: {}, position: { x, y } });
const frame = (id: string, x: number, y: number, width: number, height: number) => ({
  id,
  kind: "frame",
  text: "Box",
  position: { x, y },
  size: { width, height },
});
const flow = (notes?: object[], ...steps: object[]) =>
  ({ id: "main", name: "Main", steps, connections: [], ...(notes && { notes }) }) as unknown as Workflow;
const SIZES = new Map(["in", "out"].map(id => [id, { width: 240, height: 80 }]));
const ids = (...all: string[]) => new Set(all);

it("fills in what a document leaves out of a note, the same each time", () => {
  const workflow = flow([{ id: "n", text: "First\nSecond" }]);
  const [note] = notesOf(workflow);
  expect(note).toEqual({
    id: "n",
    kind: "note",
    text: "First\nSecond",
    position: { x: 0, y: 0 },
    size: { width: 240, height: 120 },
  });
  expect(notesOf(workflow)[0]).toBe(note);
  expect(note && titleOfNote(note)).toBe("First");
  expect(notesOf(flow())).toEqual([]);
});

it("holds what lies wholly in a frame: steps, notes and other frames", () => {
  const notes = [
    frame("f", 0, 0, 400, 400),
    frame("inner", 40, 200, 100, 100),
    frame("beside", 350, 0, 100, 100),
  ];
  const workflow = flow(notes, step("in", 100, 100), step("out", 300, 100));
  expect(withHeld(workflow, ids("f"), SIZES)).toEqual(ids("f", "in", "inner"));
  expect(withHeld(workflow, ids("in"), SIZES)).toEqual(ids("in"));
});

it("is drawn around steps with room for its title", () => {
  const box = around([
    { x: 0, y: 0, width: 240, height: 80 },
    { x: 320, y: 160, width: 240, height: 96 },
  ]);
  expect(box).toEqual({ x: -24, y: -40, width: 608, height: 320 });
  expect(isInside({ x: 0, y: 0, width: 240, height: 80 }, box)).toBe(true);
  expect(isInside(box, { x: 0, y: 0, width: 240, height: 80 })).toBe(false);
});

it("moves steps and notes to the grid, and leaves all others as they came", () => {
  const scarce = { id: "n" };
  const workflow = flow([frame("f", 0, 0, 80, 80), scarce], step("in", 0, 0), step("out", 0, 0));
  const after = moved(
    workflow,
    new Map([
      ["f", { x: 13, y: 3 }],
      ["in", { x: 40, y: 41 }],
    ]),
  );
  expect(after.notes[0]?.position).toEqual({ x: 16, y: 0 });
  expect(after.notes[1]).toBe(scarce);
  expect(after.steps.map(each => each.position)).toEqual([
    { x: 40, y: 40 },
    { x: 0, y: 0 },
  ]);
  expect("notes" in moved(flow(undefined, step("in", 0, 0)), new Map([["in", { x: 8, y: 0 }]]))).toBe(false);
});

it("keeps a list that was emptied, and begins none for nothing", () => {
  expect(withNotes(flow([frame("f", 0, 0, 80, 80)]), () => []).notes).toEqual([]);
  expect("notes" in withNotes(flow(), () => [])).toBe(false);
});

it("is called in a sentence by what is chosen", () => {
  const workflow = flow([frame("f", 0, 0, 80, 80), { id: "n" }], step("in", 0, 0), step("out", 0, 0));
  expect([ids("in"), ids("f"), ids("n")].map(each => called(workflow, each))).toEqual([
    "step",
    "frame",
    "note",
  ]);
  expect(called(workflow, ids("in", "out"))).toBe("2 steps");
  expect(called(workflow, ids("in", "out", "f", "n"))).toBe("2 steps, 1 frame, 1 note");
});

import type { Schema } from "@client/api";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { newId, snapped, type Workflow } from "./flow";

type Ids = ReadonlySet<string>;
type Place = { readonly x: number; readonly y: number };
type Sizes = ReadonlyMap<string, { readonly width: number; readonly height: number }>;

/** What is written on the canvas for whoever draws: a note, or a frame around steps. */
export type Note = Schema<"Note">;
export type NoteKind = Note["kind"];

/** Where something is on the canvas, and how large. */
export interface Box extends Place {
  readonly width: number;
  readonly height: number;
}

export const COLORS = ["talk", "listen", "logic", "ai", "data", "flow"] as const;
/** The least and the most of a note's sides, in px, and the longest text. */
export const [LEAST, MOST, LONGEST] = [40, 20_000, 4_000];
/** How many there may be in a workflow. */
export const MANY = 500;
/** As large as a note is that does not say. */
export const [WIDE, HIGH] = [240, 120];
/** Free room in a frame around what it is drawn around; above it is its title. */
const [ROOM, TITLE] = [24, 40];

const NONE: readonly Note[] = [];
// The same ones each time: anew they would have all of them drawn again.
const lists = new WeakMap<readonly Note[], readonly Note[]>();
const whole = new WeakMap<Note, Note>();

/** The notes and frames of a workflow, with whatever a document may leave out of them. */
export function notesOf(workflow: Workflow): readonly Note[] {
  const notes = (workflow.notes as readonly Note[] | undefined) ?? NONE;
  const known = lists.get(notes);
  if (known) return known;
  const made = notes.map(filled);
  lists.set(notes, made);
  return made;
}

function filled(note: Note): Note {
  const known = whole.get(note);
  if (known) return known;
  const { kind = "note", text = "", position, size } = note as Partial<Note>;
  const made: Note = {
    ...note,
    kind,
    text,
    position: { ...position, x: position?.x ?? 0, y: position?.y ?? 0 },
    size: { ...size, width: size?.width ?? WIDE, height: size?.height ?? HIGH },
  };
  whole.set(note, made);
  whole.set(made, made);
  return made;
}

export const boxOf = ({ position, size }: Note): Box => ({ ...position, ...size });

/** What a note is called: its first line, else what it is. */
export function titleOfNote({ kind, text }: Note): string {
  return text.trim().split("\n", 1)[0] || kindOf(kind);
}

export function kindOf(kind: NoteKind): string {
  return kind === "frame" ? t("Frame") : t("Note");
}

export function newNote(kind: NoteKind, box: Box): Note {
  return {
    id: newId("note"),
    kind,
    text: "",
    position: snapped(box),
    size: { width: sideOf(box.width), height: sideOf(box.height) },
  };
}

/** A note of a text of unknown origin, as far as it can be one. */
export function readNote(value: unknown): Note {
  const { kind, text, position, size, color } = Object(value) as Readonly<Record<string, unknown>>;
  const number = (from: unknown, name: string, otherwise: number) => {
    const found = (Object(from) as Readonly<Record<string, unknown>>)[name];
    return typeof found === "number" ? found : otherwise;
  };
  const known = COLORS.find(each => each === color);
  return {
    ...newNote(kind === "frame" ? "frame" : "note", {
      x: number(position, "x", 0),
      y: number(position, "y", 0),
      width: number(size, "width", WIDE),
      height: number(size, "height", HIGH),
    }),
    text: typeof text === "string" ? text.slice(0, LONGEST) : "",
    ...(known && { color: known }),
  };
}

/** A side as long as one may be, in the grid. */
export function sideOf(length: number): number {
  return Math.min(MOST, Math.max(LEAST, Math.round(length / 8) * 8));
}

/** The smallest frame around boxes. */
export function around(boxes: readonly Box[]) {
  const [left, top] = [Math.min(...boxes.map(each => each.x)), Math.min(...boxes.map(each => each.y))];
  const right = Math.max(...boxes.map(each => each.x + each.width));
  const bottom = Math.max(...boxes.map(each => each.y + each.height));
  const [x, y] = [left - ROOM, top - TITLE];
  return { x, y, width: right + ROOM - x, height: bottom + ROOM - y };
}

/** Whether one lies wholly inside the other. */
export function isInside(inner: Box, outer: Box): boolean {
  return (
    inner.x >= outer.x &&
    inner.y >= outer.y &&
    inner.x + inner.width <= outer.x + outer.width &&
    inner.y + inner.height <= outer.y + outer.height
  );
}

/** All that lies on the canvas, by its id. */
export function boxesOf(workflow: Workflow, sizes: Sizes): ReadonlyMap<string, Box> {
  const steps = workflow.steps.map(
    each => [each.id, { width: 240, height: 96, ...sizes.get(each.id), ...each.position }] as const,
  );
  return new Map([...steps, ...notesOf(workflow).map(each => [each.id, boxOf(each)] as const)]);
}

/** These, and whatever lies wholly inside those of them that are frames. */
export function withHeld(workflow: Workflow, ids: Ids, sizes: Sizes): Ids {
  const frames = notesOf(workflow).filter(each => each.kind === "frame" && ids.has(each.id));
  if (frames.length === 0) return ids;
  const held = [...boxesOf(workflow, sizes)].filter(([, box]) =>
    frames.some(each => isInside(box, boxOf(each))),
  );
  return new Set([...ids, ...held.map(([id]) => id)]);
}

/** The workflow with its steps and notes at other places. */
export function moved(workflow: Workflow, places: ReadonlyMap<string, Place>): Workflow {
  const steps = workflow.steps.map(each => {
    const place = places.get(each.id);
    return place ? { ...each, position: snapped(place) } : each;
  });
  return withNotes({ ...workflow, steps }, notes =>
    notes.map(each => {
      const place = places.get(each.id);
      return place ? { ...filled(each), position: snapped(place) } : each;
    }),
  );
}

/**
 * The workflow with its steps at other places, and each frame around those that it held: what else is in it keeps its
 * place in the frame.
 */
export function tidied(workflow: Workflow, places: ReadonlyMap<string, Place>, sizes: Sizes): Workflow {
  const after = moved(workflow, places);
  const was = boxesOf(workflow, sizes);
  const now = new Map(boxesOf(after, sizes));
  const settled = new Set(places.keys());
  const frames = notesOf(workflow).filter(each => each.kind === "frame");
  const area = ({ size }: Note) => size.width * size.height;
  for (const frame of frames.sort((one, other) => area(one) - area(other))) {
    const old = boxOf(frame);
    const held = [...was].filter(([id, box]) => id !== frame.id && isInside(box, old)).map(([id]) => id);
    const led = held.filter(id => settled.has(id)).flatMap(id => now.get(id) ?? []);
    if (led.length === 0) continue;
    const box = around(led);
    for (const id of held.filter(each => !settled.has(each))) {
      const at = was.get(id);
      if (!at) continue;
      const there = { ...at, x: at.x + box.x - old.x, y: at.y + box.y - old.y };
      now.set(id, there);
      settled.add(id);
      box.width = Math.max(box.width, there.x + there.width + ROOM - box.x);
      box.height = Math.max(box.height, there.y + there.height + ROOM - box.y);
    }
    now.set(frame.id, box);
    settled.add(frame.id);
  }
  return withNotes(after, notes =>
    notes.map(each => {
      const box = settled.has(each.id) && now.get(each.id);
      if (!box) return each;
      const size = { width: sideOf(box.width), height: sideOf(box.height) };
      return { ...filled(each), position: snapped(box), size };
    }),
  );
}

/** The workflow with other notes; one that has none and never had any stays without a list of them. */
export function withNotes(workflow: Workflow, change: (notes: readonly Note[]) => readonly Note[]): Workflow {
  const before = workflow.notes as readonly Note[] | undefined;
  const notes = change(before ?? NONE);
  return notes.length === 0 && !before ? workflow : { ...workflow, notes: [...notes] };
}

/** The workflow with one of its notes changed. */
export function withNote(workflow: Workflow, id: string, change: (note: Note) => Note): Workflow {
  return withNotes(workflow, notes => notes.map(each => (each.id === id ? change(filled(each)) : each)));
}

/** What is chosen, as a sentence names it: `step`, `3 steps`, `2 steps, 1 frame`. */
export function called(workflow: Workflow, ids: Ids): string {
  const note = ids.size === 1 ? notesOf(workflow).find(each => ids.has(each.id)) : undefined;
  if (note) return note.kind === "frame" ? t("frame") : t("note");
  return ids.size === 1 ? t("step") : countsOf(workflow, ids);
}

/** How many steps, frames and notes these are: `1 step, 2 notes`. */
export function countsOf(workflow: Workflow, ids: Ids): string {
  const chosen = notesOf(workflow).filter(each => ids.has(each.id));
  const [steps, frames] = [ids.size - chosen.length, chosen.filter(each => each.kind === "frame").length];
  const notes = chosen.length - frames;
  const some = [
    ...(steps > 0 || chosen.length === 0 ? [counted(steps, "step")] : []),
    ...(frames > 0 ? [counted(frames, "frame")] : []),
    ...(notes > 0 ? [counted(notes, "note")] : []),
  ];
  return some.join(", ");
}

import { type Command, chordOf, PAUSE } from "@dashboard/commands";
import { t } from "@ui/words";
import type { KeyboardEvent } from "react";
import { type NoteKind, notesOf } from "../editing/notes";
import type { FlowActions } from "./flow-actions";
import type { CanvasHandle } from "./handle";

export interface CanvasTools {
  readonly actions: FlowActions;
  /** `null`: there is none on a narrow screen. */
  readonly canvas: () => CanvasHandle | null;
  readonly selected: ReadonlySet<string>;
  readonly connection: string | undefined;
  readonly edits: boolean;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly open: (what: "palette" | "connect" | "outline" | "problem" | "comments") => void;
  readonly editStep: () => void;
  readonly addNote: (kind: NoteKind) => void;
  readonly downstream: () => void;
  readonly testHere: () => void;
  /** Along the turn that is replayed; left out: along the connections. */
  readonly walk?: ((by: 1 | -1) => void) | undefined;
}

interface CanvasCommand extends Command {
  /** Whether there is something to do; left out: always. */
  readonly can?: boolean;
}

/** Other keys for the same. */
const ALSO: Readonly<Record<string, string>> = { "/": "a", f2: "enter", backspace: "delete", "=": "+" };

const here = (id: string, label: string, keys: string, run: () => void, can = true): CanvasCommand => ({
  id,
  label,
  group: t("Canvas"),
  keys,
  here: true,
  run,
  can,
});

/** All that can be done on the canvas by keys: what they do, what `?` says of them, and what the command menu lists. */
export function canvasCommands(tools: CanvasTools): readonly CanvasCommand[] {
  return [...looking(tools), ...(tools.edits ? editing(tools) : [])];
}

function looking({ actions, canvas, selected, select, open, ...tools }: CanvasTools): CanvasCommand[] {
  const only = selected.size === 1 ? [...selected][0] : undefined;
  const walk = (by: 1 | -1) => {
    if (tools.walk) return tools.walk(by);
    const next = only ? actions.along(only, by > 0) : actions.workflow?.steps[0]?.id;
    if (!next) return;
    select(new Set([next]));
    canvas()?.show([next]);
  };
  const all = () => {
    const { workflow } = actions;
    if (workflow) select(new Set([...workflow.steps, ...notesOf(workflow)].map(each => each.id)));
  };
  const none = () => select(new Set());
  return [
    here("open-step", t("Edit step"), "enter", tools.editStep, only !== undefined),
    here("next-step", t("Go to the next step"), "]", () => walk(1)),
    here("step-before", t("Go to the step before"), "[", () => walk(-1)),
    here("select-all", t("Select all steps"), "mod+a", all),
    here(
      "select-none",
      t("Select nothing"),
      "escape",
      none,
      selected.size > 0 || tools.connection !== undefined,
    ),
    here("downstream", t("Select downstream"), "d", tools.downstream, selected.size > 0),
    here("copy", t("Copy steps"), "mod+c", () => void actions.copy(selected), selected.size > 0),
    here("outline", t("Show outline"), "o", () => open("outline")),
    here("comment", t("Comment"), "m", () => open("comments")),
    here("next-problem", t("Go to next problem"), "f8", () => open("problem")),
    here("zoom-all", t("Zoom to all steps"), "1", () => canvas()?.fit()),
    here(
      "zoom-chosen",
      t("Zoom to the selection"),
      "2",
      () => canvas()?.show([...selected]),
      selected.size > 0,
    ),
    here("zoom-100", t("Zoom to 100 %"), "0", () => canvas()?.zoom(0)),
    here("zoom-in", t("Zoom in"), "+", () => canvas()?.zoom(1)),
    here("zoom-out", t("Zoom out"), "-", () => canvas()?.zoom(-1)),
  ];
}

function editing({ actions, canvas, selected, connection, select, open, ...tools }: CanvasTools) {
  const only = selected.size === 1 ? [...selected][0] : undefined;
  const some = selected.size > 0;
  const remove = () => (connection ? actions.disconnect(connection) : actions.remove(selected));
  const tidy = () => {
    const handle = canvas();
    if (handle) void actions.tidy(handle, selected);
  };
  const nudge = (label: string, key: string, x: number, y: number) => {
    const by = (far: number) => () => {
      const first = actions.workflow?.steps[0];
      // Where nothing is chosen, arrows choose the first step.
      if (some) actions.nudge(canvas(), selected, x * far, y * far);
      else if (first) select(new Set([first.id]));
    };
    const id = `nudge-${key}`;
    return [
      here(id, t("Move %{label}", { label }), `arrow${key}`, by(8)),
      here(`${id}-far`, t("Move further %{label}", { label }), `shift+arrow${key}`, by(40)),
    ];
  };
  return [
    here("add-step", t("Add step"), "a", () => open("palette")),
    here("add-note", t("Add note"), "n", () => tools.addNote("note")),
    here("add-frame", t("Add frame"), "f", () => tools.addNote("frame")),
    here("connect", t("Connect step"), "c", () => open("connect"), only !== undefined),
    here("remove", t("Delete"), "delete", remove, some || connection !== undefined),
    here(
      "cut",
      t("Cut steps"),
      "mod+x",
      () => void actions.copy(selected).then(done => done && actions.remove(selected)),
      some,
    ),
    here("duplicate", t("Duplicate steps"), "mod+d", () => actions.duplicate(selected), some),
    here("tidy", t("Tidy steps"), "l", tidy),
    ...nudge("left", "left", -1, 0),
    ...nudge("right", "right", 1, 0),
    ...nudge("up", "up", 0, -1),
    ...nudge("down", "down", 0, 1),
    {
      id: "test-here",
      label: t("Test from this step"),
      group: t("Canvas"),
      keys: "mod+enter",
      run: tools.testHere,
    },
  ];
}

/** When a sequence was begun that leads to a page. */
let begun = Number.NEGATIVE_INFINITY;

/** Runs what a key does while the canvas has the focus. */
export function pressed(event: KeyboardEvent, commands: readonly CanvasCommand[]): void {
  if (event.target !== event.currentTarget && isControl(event.target)) return;
  const chord = chordOf(event.nativeEvent) ?? "";
  const keys = ALSO[chord] ?? chord;
  const found = commands.find(each => each.keys === keys && each.here && each.can);
  // The second key of `g a` and the like is no key of the canvas.
  const after = event.timeStamp - begun < PAUSE;
  begun = chord === "g" ? event.timeStamp : Number.NEGATIVE_INFINITY;
  if (!found || (after && /^[a-z]$/.test(chord))) return;
  found.run();
  event.preventDefault();
  event.stopPropagation();
}

function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest("input, textarea, select, button, [contenteditable]") !== null
  );
}

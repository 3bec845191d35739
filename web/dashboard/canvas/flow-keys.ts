import type { KeyboardEvent } from "react";
import type { CanvasHandle } from "./canvas";
import type { FlowActions } from "./flow-actions";

export interface KeyTools {
  readonly actions: FlowActions;
  readonly selected: ReadonlySet<string>;
  readonly connection: string | undefined;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly open: (what: "palette" | "connect" | "find" | "outline" | "problems" | "comments") => void;
  readonly editStep: () => void;
  /** Along the turn that is replayed; left out: along the connections. */
  readonly walk?: ((by: 1 | -1) => void) | undefined;
  readonly undo: () => void;
  readonly redo: () => void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** What keys do while the canvas has the focus. */
export function pressed(event: KeyboardEvent, canvas: CanvasHandle, tools: KeyTools): void {
  if (event.target !== event.currentTarget && isControl(event.target)) return;
  const mod = event.metaKey || event.ctrlKey;
  const did = mod ? withModifier(event, tools) : alone(event, canvas, tools);
  if (did) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function withModifier(event: KeyboardEvent, tools: KeyTools): boolean {
  const { actions, selected, select } = tools;
  switch (event.key.toLowerCase()) {
    case "a":
      select(new Set(actions.workflow?.steps.map(each => each.id)));
      return true;
    case "c":
      void actions.copy(selected);
      return selected.size > 0;
    case "x":
      void actions.copy(selected).then(() => actions.remove(selected));
      return selected.size > 0;
    case "d":
      actions.duplicate(selected);
      return true;
    case "z":
      if (event.shiftKey) tools.redo();
      else tools.undo();
      return true;
    case "f":
      tools.open("find");
      return true;
    default:
      return false;
  }
}

function alone(event: KeyboardEvent, canvas: CanvasHandle, tools: KeyTools): boolean {
  const { actions, selected, connection, select } = tools;
  const arrow = ARROWS[event.key];
  if (arrow) return moved(arrow, event.shiftKey ? 40 : 8, tools);
  const only = selected.size === 1 ? [...selected][0] : undefined;
  switch (event.key) {
    case "Delete":
    case "Backspace":
      if (connection) actions.disconnect(connection);
      else actions.remove(selected);
      return true;
    case "Escape":
      if (selected.size === 0 && !connection) return false;
      select(new Set());
      return true;
    case "Enter":
    case "F2":
      tools.editStep();
      return only !== undefined;
    case "a":
    case "/":
      tools.open("palette");
      return true;
    case "c":
      if (only) tools.open("connect");
      return only !== undefined;
    case "o":
      tools.open("outline");
      return true;
    case "m":
      tools.open("comments");
      return true;
    case "F8":
      tools.open("problems");
      return true;
    case "l":
      void actions.tidy(canvas, selected);
      return true;
    case "[":
    case "]": {
      if (tools.walk) {
        tools.walk(event.key === "]" ? 1 : -1);
        return true;
      }
      const next = only ? actions.along(only, event.key === "]") : actions.workflow?.steps[0]?.id;
      if (next) {
        select(new Set([next]));
        canvas.show([next]);
      }
      return true;
    }
    case "1":
      canvas.fit();
      return true;
    case "2":
      if (selected.size > 0) canvas.show([...selected]);
      return true;
    case "0":
      canvas.zoom(0);
      return true;
    case "+":
    case "=":
      canvas.zoom(1);
      return true;
    case "-":
      canvas.zoom(-1);
      return true;
    default:
      return false;
  }
}

/** Arrows move what is chosen; where nothing is, they choose the first step. */
function moved(
  [x, y]: readonly [number, number],
  by: number,
  { actions, selected, select }: KeyTools,
): boolean {
  if (selected.size > 0) actions.nudge(selected, x * by, y * by);
  else {
    const first = actions.workflow?.steps[0];
    if (first) select(new Set([first.id]));
  }
  return true;
}

function isControl(target: EventTarget): boolean {
  return (
    target instanceof Element && target.closest("input, textarea, select, button, [contenteditable]") !== null
  );
}

import { useEffect, useLayoutEffect, useRef } from "react";
import { create } from "zustand";

/** Something that can be done here: the command menu lists it, and its keys do it. */
export interface Command {
  /** Unique, and the same each time it is offered. */
  readonly id: string;
  /** A verb and a noun. */
  readonly label: string;
  readonly group: string;
  /** `mod+k`, `shift+enter`, or one after the other: `g k`. */
  readonly keys?: string;
  /** Its keys act where a part of the screen has the focus, which listens for them itself: they are only told of. */
  readonly here?: boolean;
  /** Its keys are the browser's own where text is written, and of what floats: they take back what was typed there. */
  readonly typed?: boolean;
  /** More words to find it by. */
  readonly find?: string;
  readonly run: () => void;
}

interface CommandState {
  readonly offered: readonly (readonly Command[])[];
  /** Whether keys without a modifier act (WCAG 2.1.4). */
  readonly singleKeys: boolean;
  readonly setSingleKeys: (on: boolean) => void;
  readonly offer: (commands: readonly Command[]) => () => void;
}

const KEY = "conduet.singleKeys";
/** Within it a second key belongs to the first. */
export const PAUSE = 1000;

export const useCommandState = create<CommandState>(set => ({
  offered: [],
  singleKeys: localStorage.getItem(KEY) !== "off",
  setSingleKeys: on => {
    localStorage.setItem(KEY, on ? "on" : "off");
    set({ singleKeys: on });
  },
  offer: commands => {
    set(state => ({ offered: [...state.offered, commands] }));
    return () => set(state => ({ offered: state.offered.filter(each => each !== commands) }));
  },
}));

/** All commands of this moment; of two with one id, the one offered last. */
export function allCommands(offered: readonly (readonly Command[])[]): Command[] {
  return [...new Map(offered.flat().map(command => [command.id, command])).values()];
}

/** Offers commands for as long as the component is there. Their `run` may change from render to render. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  latest.current = commands;
  const shape = commands.map(command => `${command.id}|${command.label}|${command.keys}`).join("\n");
  const offer = useCommandState(state => state.offer);
  // What is seen can be pressed: from the first picture on.
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is offered changes with its shape alone
  useLayoutEffect(
    () =>
      offer(
        latest.current.map(command => ({
          ...command,
          run: () => latest.current.find(each => each.id === command.id)?.run(),
        })),
      ),
    [offer, shape],
  );
}

/**
 * The chord of a key press, as `keys` writes it; `undefined` for a modifier alone, and while an input method composes.
 * Where the layout has other letters than Latin ones, it is the place of the key that counts.
 */
export function chordOf(event: KeyboardEvent): string | undefined {
  if (["Control", "Meta", "Shift", "Alt"].includes(event.key) || event.isComposing) return undefined;
  const parts: string[] = [];
  if (event.metaKey || event.ctrlKey) parts.push("mod");
  if (event.altKey) parts.push("alt");
  const placed =
    /^\p{L}$/u.test(event.key) && !/\p{Script=Latin}/u.test(event.key) && /^Key([A-Z])$/.exec(event.code);
  const key = (placed ? (placed[1] ?? "") : event.key).toLowerCase();
  // Of a sign, like "?", shift is a part already.
  if (event.shiftKey && (key.length > 1 || /[a-z]/.test(key))) parts.push("shift");
  return [...parts, key].join("+");
}

/** Lets keys run the commands; once, at the root. */
export function useKeyboard(): void {
  useEffect(() => {
    let before = "";
    let at = 0;
    const press = (event: KeyboardEvent) => {
      const chord = chordOf(event);
      if (!chord || event.defaultPrevented || event.isComposing) return;
      const { offered, singleKeys } = useCommandState.getState();
      if (!chord.startsWith("mod") && (!singleKeys || isWriting(event.target))) return;
      const sequence = event.timeStamp - at < PAUSE ? `${before} ${chord}` : "";
      const commands = allCommands(offered).filter(each => !each.here);
      const found =
        commands.find(each => each.keys === sequence) ?? commands.find(each => each.keys === chord);
      before = found ? "" : chord;
      at = event.timeStamp;
      if (!found || (found.typed && isTyping(event.target))) return;
      event.preventDefault();
      found.run();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

/** Whether what is typed here is text, or what has the focus stands over the page. */
function isTyping(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  return !!element?.closest(
    "textarea, [contenteditable], [role=dialog], input:not([type=checkbox], [type=radio], [type=range], [type=color])",
  );
}

/** Whether keys are text here, or belong to something that floats. */
function isWriting(target: EventTarget | null): boolean {
  const element = target instanceof Element ? target : null;
  return !!element?.closest(
    "input, textarea, select, [contenteditable], [role=menu], [role=listbox], [role=dialog]",
  );
}

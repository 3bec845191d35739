import { type KeyboardEvent, type RefObject, useState } from "react";
import { type Language, namesFor, wordBefore } from "./completion";

interface Open {
  readonly word: string;
  /** The one that Enter takes; -1: none, until one is gone to. */
  readonly index: number;
}

export interface Completion {
  readonly offered: readonly string[];
  readonly index: number;
  /** Looks at what stands before the caret; `again`: only where names are offered already. */
  readonly look: (again?: "again") => void;
  readonly take: (name: string) => void;
  readonly press: (event: KeyboardEvent) => void;
  readonly close: () => void;
}

/** Offers names for the word at the caret. In an expression none is taken that was not gone to, and Tab leaves the field. */
export function useCompletion(
  area: RefObject<(HTMLTextAreaElement & HTMLInputElement) | null>,
  names: readonly string[],
  language: Language,
  onChange: (value: string) => void,
): Completion {
  const [open, setOpen] = useState<Open>();
  const offered = open ? namesFor(open.word, names, language) : [];
  const index = open?.index ?? -1;
  const word = () =>
    wordBefore(area.current?.value.slice(0, area.current.selectionStart ?? 0) ?? "", language);
  const close = () => setOpen(undefined);
  const look = (again?: "again") => {
    const found = word();
    if (found === undefined) close();
    else if (found !== open?.word && (open || !again))
      setOpen({ word: found, index: language === "template" ? 0 : -1 });
  };
  const take = (name: string) => {
    const element = area.current;
    if (!element || !open) return;
    const at = element.selectionStart ?? 0;
    const start = at - open.word.length;
    const rest = element.value.slice(at);
    const end = language === "expression" || rest.trimStart().startsWith("}}") ? "" : "}}";
    onChange(element.value.slice(0, start) + name + end + rest);
    close();
    const caret = start + name.length + end.length;
    requestAnimationFrame(() => element.setSelectionRange(caret, caret));
  };
  const press = (event: KeyboardEvent) => {
    // The keys of an input method choose among its own words.
    if (event.nativeEvent.isComposing) return;
    const chosen = offered[index];
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (language === "expression" && event.key === " " && event.ctrlKey)
      setOpen({ word: word() ?? "", index: 0 });
    else if (move && offered.length > 0)
      setOpen(now => now && { ...now, index: stepped(index, move, offered.length) });
    else if (
      chosen !== undefined &&
      (event.key === "Enter" || (event.key === "Tab" && language === "template"))
    )
      take(chosen);
    else if (event.key === "Escape" && offered.length > 0) {
      event.stopPropagation();
      close();
    } else return;
    event.preventDefault();
  };
  return { offered, index, look, take, press, close };
}

function stepped(index: number, by: number, count: number): number {
  return index < 0 && by < 0 ? count - 1 : (index + by + count) % count;
}

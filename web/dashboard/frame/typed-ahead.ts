import { useLayoutEffect, useRef } from "react";

/** Gives what was typed so far, once, and leaves the keys to the field from then on. */
export type TypedAhead = () => string;

/**
 * Holds what is typed before the field that it is meant for is there: no key of it is lost, or does something elsewhere.
 * `Esc` gives up.
 */
export function useTypedAhead(onEscape: () => void): TypedAhead {
  const text = useRef("");
  const held = useRef(true);
  const giveUp = useRef(onEscape);
  giveUp.current = onEscape;
  useLayoutEffect(() => {
    const press = (event: KeyboardEvent) => {
      const sign = [...event.key].length === 1;
      const chord = event.metaKey || (event.ctrlKey && !event.getModifierState("AltGraph"));
      if (!held.current || chord) return;
      if (event.key === "Escape") giveUp.current();
      else if (event.key === "Backspace") text.current = [...text.current].slice(0, -1).join("");
      else if (sign) text.current += event.key;
      else if (!/^(Enter|Tab|Delete|Arrow\w+)$/.test(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    };
    addEventListener("keydown", press, { capture: true });
    return () => removeEventListener("keydown", press, { capture: true });
  }, []);
  return () => {
    const typed = text.current;
    held.current = false;
    text.current = "";
    return typed;
  };
}

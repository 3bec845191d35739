import { useEffect } from "react";

/** Puts the focus on the page where it was lost: what had it went with a change of `state`. */
export function useKeptFocus(state: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it looks after each change
  useEffect(() => {
    // What floats gives the focus back first.
    const timer = setTimeout(() => {
      if (document.activeElement === document.body) document.getElementById("page")?.focus();
    }, 100);
    return () => clearTimeout(timer);
  }, [state]);
}

import { type RefObject, useEffect, useRef } from "react";
import type { CanvasHandle } from "./handle";

/** Gives the focus back to the canvas when the panel beside it that had it is closed, or another is there. */
export function useFocusBack(canvas: RefObject<CanvasHandle | null>, panel: string | undefined): void {
  const before = useRef(panel);
  useEffect(() => {
    const was = before.current;
    before.current = panel;
    if (was !== undefined && was !== panel && document.activeElement === document.body)
      canvas.current?.focus();
  }, [canvas, panel]);
}

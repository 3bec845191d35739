import { type RefObject, useEffect } from "react";
import type { Workflow } from "../editing/flow";
import { notesOf } from "../editing/notes";
import type { CanvasHandle } from "./handle";

/** Has what the address names in view, whatever led there: a link, a problem, the browser's Back. */
export function useInView(
  canvas: RefObject<CanvasHandle | null>,
  workflow: Workflow | undefined,
  id: string | undefined,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one goes, not where it is moved to
  useEffect(() => {
    const there = workflow && [...workflow.steps, ...notesOf(workflow)].find(each => each.id === id);
    if (there) canvas.current?.reveal(there.position, true);
  }, [workflow?.id, id]);
}

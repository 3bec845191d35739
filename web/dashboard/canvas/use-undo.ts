import type { RefObject } from "react";
import type { Editor } from "../editing/editor";
import { type History, useHistory } from "../editing/history";
import { touched } from "../editing/touched";
import type { CanvasHandle } from "./handle";

/** Undo and redo that go to what they changed: its workflow, its steps. */
export function useUndo(
  editor: Editor,
  canvas: RefObject<CanvasHandle | null>,
  go: (workflowId: string, stepIds: readonly string[]) => void,
): History {
  return useHistory(editor, (before, after) => {
    const place = touched(before, after);
    if (!place) return;
    go(place.workflowId, place.stepIds);
    const steps = after.workflows.find(each => each.id === place.workflowId)?.steps;
    const at = steps?.find(each => each.id === place.stepIds[0])?.position;
    if (at) requestAnimationFrame(() => canvas.current?.reveal(at));
  });
}

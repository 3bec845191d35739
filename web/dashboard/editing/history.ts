import { useCommands } from "@dashboard/commands";
import { toast } from "@ui/toast";
import { useMemo } from "react";
import type { Editor } from "./editor";

export interface History {
  readonly undo: () => void;
  readonly redo: () => void;
}

/** Undo and redo that say what they did, with their keys. */
export function useHistory(editor: Editor): History {
  const history = useMemo(
    () => ({
      undo: () => {
        const label = editor.getState().undo();
        if (label) toast(`Undone: ${label}`);
      },
      redo: () => {
        const label = editor.getState().redo();
        if (label) toast(`Redone: ${label}`);
      },
    }),
    [editor],
  );
  useCommands([
    { id: "undo", label: "Undo", group: "Edit", keys: "mod+z", run: history.undo },
    { id: "redo", label: "Redo", group: "Edit", keys: "mod+shift+z", run: history.redo },
  ]);
  return history;
}

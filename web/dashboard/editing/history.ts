import { useCommands } from "@dashboard/commands";
import type { ProjectDocument } from "@dashboard/data/projects";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useEffect, useMemo, useRef } from "react";
import type { Editor } from "./editor";

export interface History {
  readonly undo: () => void;
  readonly redo: () => void;
}

/** Undo and redo that say what they did, with their keys; `onChanged` goes to where it was. */
export function useHistory(
  editor: Editor,
  onChanged?: (before: ProjectDocument, after: ProjectDocument) => void,
): History {
  const changed = useRef(onChanged);
  useEffect(() => {
    changed.current = onChanged;
  });
  const history = useMemo(() => {
    const go = (way: "undo" | "redo", said: string) => () => {
      const before = editor.getState().document;
      const label = editor.getState()[way]();
      if (!label) return;
      toast(t("%{said}: %{label}", { said, label }));
      changed.current?.(before, editor.getState().document);
    };
    return { undo: go("undo", t("Undone")), redo: go("redo", t("Redone")) };
  }, [editor]);
  useCommands([
    { id: "undo", label: t("Undo"), group: t("Edit"), keys: "mod+z", run: history.undo },
    { id: "redo", label: t("Redo"), group: t("Edit"), keys: "mod+shift+z", run: history.redo },
  ]);
  return history;
}

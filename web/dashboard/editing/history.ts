import { useCommands } from "@dashboard/commands";
import type { ProjectDocument } from "@dashboard/data/projects";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useEffect, useMemo, useRef } from "react";
import type { Editor, Undone } from "./editor";

export interface History {
  readonly undo: () => void;
  readonly redo: () => void;
}

/**
 * Says what the last edit did. For ten seconds that very edit can be taken back, whatever was edited after it; undone
 * otherwise it is not offered any more.
 */
export function tellEdit(editor: Editor, said: string, description?: string): void {
  const edit = editor.getState().done.at(-1);
  const close = toast(said, {
    ...(description && { description }),
    onUndo: () => {
      leave();
      const done = editor.getState().undo(edit);
      if (done?.kept) toast(t("Not all of it was undone"), { description: keptWords(done) });
    },
  });
  const leave = editor.subscribe(({ done }) => {
    if (edit && done.includes(edit)) return;
    leave();
    close();
  });
}

/** What somebody else has changed since is theirs. */
function keptWords({ kept }: Undone): string | undefined {
  return kept > 0 ? t("What was changed since stays as it is.") : undefined;
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
      const done = editor.getState()[way]();
      if (!done) return;
      toast(t("%{said}: %{label}", { said, label: done.label }), { description: keptWords(done) });
      changed.current?.(before, editor.getState().document);
    };
    return { undo: go("undo", t("Undone")), redo: go("redo", t("Redone")) };
  }, [editor]);
  useCommands([
    { id: "undo", label: t("Undo"), group: t("Edit"), keys: "mod+z", typed: true, run: history.undo },
    { id: "redo", label: t("Redo"), group: t("Edit"), keys: "mod+shift+z", typed: true, run: history.redo },
  ]);
  return history;
}

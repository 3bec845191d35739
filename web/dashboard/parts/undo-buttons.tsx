import { useMay } from "@dashboard/data/roles";
import type { Editor } from "@dashboard/editing/editor";
import type { History } from "@dashboard/editing/history";
import { IconButton } from "@ui/button";
import { t } from "@ui/words";
import { Redo2, Undo2 } from "lucide-react";

/** Undo and redo, for whoever edits. */
export function UndoButtons({ editor, history }: { readonly editor: Editor; readonly history: History }) {
  const canUndo = editor(state => state.done.length > 0);
  const canRedo = editor(state => state.undone.length > 0);
  if (!useMay("edit")) return null;
  return (
    <>
      <IconButton
        dense
        icon={Undo2}
        label={t("Undo")}
        shortcut="mod+z"
        disabled={!canUndo}
        onClick={history.undo}
      />
      <IconButton
        dense
        icon={Redo2}
        label={t("Redo")}
        shortcut="shift+mod+z"
        disabled={!canRedo}
        onClick={history.redo}
      />
    </>
  );
}

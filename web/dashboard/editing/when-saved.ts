import { t } from "@ui/words";
import { type Editor, type EditorState, waiting } from "./editor";

/** Comes once the server has what is edited; rejects with why it does not get it. */
export function whenSaved(editor: Editor): Promise<void> {
  return new Promise((resolve, reject) => {
    let stop: () => void = () => undefined;
    const look = (state: EditorState) => {
      const { save } = state;
      if (save.kind === "waiting" || save.kind === "saving") return;
      // What was kept of a page before is on its way.
      if (save.kind === "saved" && waiting(state) > 0) return;
      stop();
      if (save.kind === "saved") resolve();
      else if (save.kind === "failed") reject(new Error(save.message));
      else reject(new Error(t("The server did not answer; your changes are kept here.")));
    };
    stop = editor.subscribe(look);
    look(editor.getState());
  });
}

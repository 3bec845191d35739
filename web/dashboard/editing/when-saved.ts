import { t } from "@ui/words";
import type { Editor, EditorState } from "./editor";
import { saverOf } from "./saver";
import { editorOf } from "./use-editor";

/** Saves what is edited at once, and comes when the server has it; rejects with why it does not get it. */
export function whenSaved(editor: Editor): Promise<void> {
  void saverOf(editor).now();
  return new Promise((resolve, reject) => {
    let stop: () => void = () => undefined;
    const look = ({ save }: EditorState) => {
      if (save.kind === "waiting" || save.kind === "saving") return;
      stop();
      if (save.kind === "saved") resolve();
      else if (save.kind === "failed") reject(new Error(t("Not saved: %{why}", { why: save.message })));
      else if (save.kind === "signed-out")
        reject(new Error(t("You are signed out; your changes are kept here.")));
      else reject(new Error(t("The server did not answer; your changes are kept here.")));
    };
    stop = editor.subscribe(look);
    look(editor.getState());
  });
}

/** As `whenSaved`, of a project: what was edited of it on another page counts too. */
export async function whenDraftSaved(projectId: string): Promise<void> {
  const editor = editorOf(projectId);
  if (editor) await whenSaved(editor);
}

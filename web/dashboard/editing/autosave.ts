import { onSignedIn } from "@client/api";
import { useEffect } from "react";
import type { Editor } from "./editor";
import { keep as write } from "./journal";
import { equal } from "./merge";
import { saverOf } from "./saver";

/** How long what was typed may be in memory alone. */
const KEPT_AFTER = 300;
/** Saves what is edited: 800 ms after the last edit, after 5 s at the latest, and again where it failed. */
export function useAutosave(editor: Editor): void {
  useEffect(() => {
    const saver = saverOf(editor);
    const stop = editor.subscribe((state, before) => {
      if (state.document !== before.document) saver.later();
      if (KEPT.some(name => state[name] !== before[name])) writer.later();
    });
    const writer = new Writer(editor);
    // What was kept of a page before, and is not saved yet.
    if (!equal(editor.getState().document, editor.getState().saved)) saver.later(0);
    const online = () => saver.later();
    addEventListener("online", online);
    const forget = onSignedIn(online);
    // Whoever leaves within the pause has it saved on the way out.
    const leave = () => {
      writer.now();
      void saver.now();
    };
    addEventListener("pagehide", leave);
    return () => {
      stop();
      forget();
      leave();
      removeEventListener("online", online);
      removeEventListener("pagehide", leave);
    };
  }, [editor]);
}

const KEPT = ["document", "saved", "clashes", "done", "undone"] as const;

/** Keeps what is edited in the browser, so that it outlives the page and the server. */
class Writer {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly editor: Editor) {}

  later(): void {
    this.timer ??= setTimeout(() => this.now(), KEPT_AFTER);
  }

  now(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    void write(this.editor.getState());
  }
}

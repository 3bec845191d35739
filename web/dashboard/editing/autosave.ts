import { ApiError, csrfHeaders, errorOf } from "@client/api";
import { CLIENT_ID } from "@dashboard/data/events";
import { asGiven, bare } from "@dashboard/data/filled";
import type { ProjectDocument } from "@dashboard/data/projects";
import { useEffect } from "react";
import type { Editor } from "./editor";
import { join } from "./joining";
import { keep as write } from "./journal";
import { difference, equal } from "./merge";

const PAUSE = 800;
const LONGEST = 5_000;
const AGAIN = 3_000;
/** How long what was typed may be in memory alone. */
const KEPT_AFTER = 300;
/** What the server gives, and nobody sets. */
const GIVEN = new Set([
  "/updatedAt",
  "/revision",
  "/problems",
  "/schemaVersion",
  "/hasIdentitySecret",
  "/createdAt",
]);

/** Saves what is edited: 800 ms after the last edit, after 5 s at the latest, and again where it failed. */
export function useAutosave(editor: Editor, told: (message: string) => void): void {
  useEffect(() => {
    const saver = new Saver(editor, told);
    const stop = editor.subscribe((state, before) => {
      if (state.document !== before.document) saver.later();
      if (KEPT.some(name => state[name] !== before[name])) writer.later();
    });
    const writer = new Writer(editor);
    // What was kept of a page before, and is not saved yet.
    if (!equal(editor.getState().document, editor.getState().saved)) saver.later(0);
    const online = () => saver.later();
    addEventListener("online", online);
    // Whoever leaves within the pause has it saved on the way out.
    const leave = () => {
      writer.now();
      void saver.now();
    };
    addEventListener("pagehide", leave);
    return () => {
      stop();
      saver.stop();
      leave();
      removeEventListener("online", online);
      removeEventListener("pagehide", leave);
    };
  }, [editor, told]);
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

class Saver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since = 0;
  private running = false;

  constructor(
    private readonly editor: Editor,
    private readonly told: (message: string) => void,
  ) {}

  stop(): void {
    clearTimeout(this.timer);
  }

  later(pause = PAUSE): void {
    const now = Date.now();
    if (!this.since) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), Math.max(0, Math.min(pause, this.since + LONGEST - now)));
  }

  async now(): Promise<void> {
    clearTimeout(this.timer);
    if (this.running) return;
    this.since = 0;
    const { document, saved, etag: known, problems: told, tell, keep } = this.editor.getState();
    if (document === saved) return tell({ kind: "saved" });
    const operations = difference(asGiven(saved), bare(document, saved)).filter(
      each => !GIVEN.has(each.path),
    );
    if (operations.length === 0) return keep(document, known, told, Date.now());
    this.running = true;
    tell({ kind: "saving" });
    const sentAt = Date.now();
    try {
      const { etag, problems } = await this.send(operations);
      keep(document, etag, problems, sentAt);
      if (this.editor.getState().document !== document) this.later();
    } catch (error) {
      this.failed(error);
    } finally {
      this.running = false;
    }
  }

  private async send(operations: object[]): Promise<{ etag: string; problems: ProjectDocument["problems"] }> {
    const { projectId, etag } = this.editor.getState();
    const body = JSON.stringify(operations);
    const response = await fetch(`/api/v1/projects/${encodeURIComponent(projectId)}`, {
      method: "PATCH",
      headers: {
        "Content-Type": "application/json-patch+json",
        "If-Match": etag,
        "X-Client-Id": CLIENT_ID,
        ...csrfHeaders(),
      },
      body,
      keepalive: body.length < 60_000,
    });
    if (!response.ok) throw await errorOf(response);
    const saved: ProjectDocument = await response.json();
    return { etag: response.headers.get("ETag") ?? "", problems: saved.problems };
  }

  private failed(error: unknown): void {
    const { tell } = this.editor.getState();
    if (error instanceof ApiError && (error.status === 412 || error.status === 409)) {
      void this.join();
      return;
    }
    if (error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429) {
      tell({ kind: "failed", message: error.message, details: error.details });
      return;
    }
    tell({ kind: "offline" });
    this.later(AGAIN);
  }

  /** Somebody else has saved: their document is taken in, and mine saved on top of it. */
  private async join(): Promise<void> {
    try {
      await join(this.editor, this.told);
      this.later(0);
    } catch {
      this.editor.getState().tell({ kind: "offline" });
      this.later(AGAIN);
    }
  }
}

import { ApiError, csrfHeaders, errorOf } from "@client/api";
import type { ProjectDocument } from "@dashboard/data/projects";
import { useEffect } from "react";
import type { Editor } from "./editor";
import { difference, equal } from "./merge";

const PAUSE = 800;
const LONGEST = 5_000;
const AGAIN = 3_000;
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
    });
    const online = () => saver.later();
    addEventListener("online", online);
    // Whoever leaves within the pause has it saved on the way out.
    const leave = () => void saver.now();
    addEventListener("pagehide", leave);
    const warn = (event: BeforeUnloadEvent) => {
      if (!equal(editor.getState().document, editor.getState().saved)) event.preventDefault();
    };
    addEventListener("beforeunload", warn);
    return () => {
      stop();
      saver.stop();
      void saver.now();
      removeEventListener("online", online);
      removeEventListener("pagehide", leave);
      removeEventListener("beforeunload", warn);
    };
  }, [editor, told]);
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
    const { document, saved, tell, keep } = this.editor.getState();
    const operations = difference(saved, document).filter(each => !GIVEN.has(each.path));
    if (operations.length === 0) return tell({ kind: "saved" });
    this.running = true;
    tell({ kind: "saving" });
    try {
      const { etag, problems } = await this.send(operations);
      keep(document, etag, problems);
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
      headers: { "Content-Type": "application/json-patch+json", "If-Match": etag, ...csrfHeaders() },
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
      tell({ kind: "failed", message: error.message });
      return;
    }
    tell({ kind: "offline" });
    this.later(AGAIN);
  }

  /** Somebody else has saved: their document is taken in, and mine saved on top of it. */
  private async join(): Promise<void> {
    const { projectId, take, clashes: before } = this.editor.getState();
    try {
      const response = await fetch(`/api/v1/projects/${encodeURIComponent(projectId)}`);
      if (!response.ok) throw await errorOf(response);
      take(await response.json(), response.headers.get("ETag") ?? "");
      const clashed = this.editor.getState().clashes.length - before.length;
      this.told(
        clashed
          ? "Somebody else changed the same field. Yours is kept."
          : "Somebody else's changes were taken in.",
      );
      this.later(0);
    } catch {
      this.editor.getState().tell({ kind: "offline" });
      this.later(AGAIN);
    }
  }
}

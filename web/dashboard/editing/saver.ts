import { ApiError, csrfHeaders, errorOf } from "@client/api";
import { CLIENT_ID } from "@dashboard/data/events";
import { asGiven, bare } from "@dashboard/data/filled";
import type { ProjectDocument } from "@dashboard/data/projects";
import { toast } from "@ui/toast";
import type { Editor } from "./editor";
import { join } from "./joining";
import { difference } from "./merge";

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

const savers = new WeakMap<Editor, Saver>();

/** The one that saves an editor, on whatever page it is edited. */
export function saverOf(editor: Editor): Saver {
  const saver = savers.get(editor) ?? new Saver(editor);
  savers.set(editor, saver);
  return saver;
}

class Saver {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private since = 0;
  private running = false;
  /** It was asked for while another save ran. */
  private asked = false;

  constructor(private readonly editor: Editor) {}

  /** Saves after a pause in the editing. */
  later(pause = PAUSE): void {
    const now = Date.now();
    if (!this.since) this.since = now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), Math.max(0, Math.min(pause, this.since + LONGEST - now)));
  }

  /** Saves at once, or as soon as the save that runs is done. */
  async now(): Promise<void> {
    clearTimeout(this.timer);
    this.asked = this.running;
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
      if (this.editor.getState().document !== document) this.later(this.asked ? 0 : PAUSE);
    } catch (error) {
      await this.failed(error);
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

  private async failed(error: unknown): Promise<void> {
    const { tell } = this.editor.getState();
    if (error instanceof ApiError && (error.status === 412 || error.status === 409)) return this.join();
    // It goes on when somebody is signed in again.
    if (error instanceof ApiError && error.status === 401) return tell({ kind: "signed-out" });
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
      await join(this.editor, toast);
      this.later(0);
    } catch {
      this.editor.getState().tell({ kind: "offline" });
      this.later(AGAIN);
    }
  }
}

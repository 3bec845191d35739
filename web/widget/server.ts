import type { Visitor } from "./visitor";

/** What the server did not do, and why; `status` 0: this page gets no answers of it. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** After how many seconds to try again. */
    readonly after = 0,
  ) {
    super(message);
  }
}

/** No answer came after several tries. */
export const UNREACHABLE = "UNREACHABLE";
/** The server is there, but the key is not for this page. */
export const NOT_HERE = "NOT_HERE";

export class Server {
  constructor(
    readonly host: string,
    private readonly visitor: Visitor,
  ) {}

  /** Asks something about the visitor's conversation; `path` begins behind it. Throws `Refused`, or as `fetch` does. */
  conversation(path: string, options: RequestInit = {}): Promise<Response> {
    return this.ask(`conversations/${encodeURIComponent(this.visitor.userId)}/${path}`, options);
  }

  async ask(path: string, options: RequestInit = {}): Promise<Response> {
    const headers = { ...this.headers(), ...(options.headers as Record<string, string>) };
    const response = await fetch(`${this.host}/api/v1/${path}`, { ...options, headers });
    if (!response.ok) throw await refusal(response);
    return response;
  }

  /** Whether it answers at all, to whomever: then a request that failed was refused to this page. */
  async isThere(): Promise<boolean> {
    try {
      await fetch(`${this.host}/healthz`, { mode: "no-cors", cache: "no-store" });
      return true;
    } catch {
      return false;
    }
  }

  /** Sends a file; `progress` is told how much of it is sent, from 0 to 1. */
  upload(file: File, progress: (part: number) => void, signal: AbortSignal): Promise<SentFile> {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      const user = encodeURIComponent(this.visitor.userId);
      request.open("POST", `${this.host}/api/v1/conversations/${user}/files`);
      for (const [name, value] of Object.entries(this.headers())) request.setRequestHeader(name, value);
      request.upload.onprogress = told => progress(told.total ? told.loaded / told.total : 0);
      request.onerror = () => reject(new Refused(0, UNREACHABLE, ""));
      request.onload = () => {
        let body: { error?: string; code?: string } = {};
        try {
          body = JSON.parse(request.responseText);
        } catch {
          // It says nothing.
        }
        if (request.status < 300) resolve(body as SentFile);
        else reject(new Refused(request.status, body.code ?? "UNKNOWN", body.error ?? `${request.status}`));
      };
      signal.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("file", file, file.name || "picture.png");
      request.send(form);
    });
  }

  private headers(): Record<string, string> {
    const { key, hash } = this.visitor;
    return { Authorization: `Bearer ${key}`, ...(hash && { "X-User-Hash": hash }) };
  }
}

/** Asks until the server has time, as late as it says; `onWait` counts the seconds down to 0. */
export async function patiently(
  ask: () => Promise<Response>,
  signal: AbortSignal,
  onWait: (seconds: number) => void,
): Promise<Response> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Refused) || error.status !== 429) throw error;
      for (let left = Math.max(1, error.after); left > 0 && !signal.aborted; left--) {
        onWait(left);
        await new Promise(done => setTimeout(done, 1000));
      }
      onWait(0);
      signal.throwIfAborted();
    }
  }
}

export interface SentFile {
  readonly url: string;
  readonly mimeType: string;
}

async function refusal(response: Response): Promise<Refused> {
  const after = Number(response.headers.get("Retry-After")) || 0;
  try {
    const body = await response.json();
    return new Refused(response.status, body.code, body.error, after);
  } catch {
    return new Refused(response.status, "UNKNOWN", `${response.status}`, after);
  }
}

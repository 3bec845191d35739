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
    return this.ask(this.address(path), options);
  }

  /** Where something of the visitor's conversation is. */
  address(path: string): string {
    return `conversations/${encodeURIComponent(this.visitor.userId)}/${path}`;
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

  /** Who asks. */
  headers(): Record<string, string> {
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

async function refusal(response: Response): Promise<Refused> {
  const after = Number(response.headers.get("Retry-After")) || 0;
  try {
    const body = await response.json();
    return new Refused(response.status, body.code, body.error, after);
  } catch {
    return new Refused(response.status, "UNKNOWN", `${response.status}`, after);
  }
}

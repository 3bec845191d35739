/** One event of a stream. */
export interface ServerEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Reads events out of the bytes of a stream, wherever they were cut. */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = "";
  let id = "";
  let event = "message";
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const lines = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "") {
          if (data.length > 0) yield { id, event, data: data.join("\n") };
          event = "message";
          data = [];
          continue;
        }
        const colon = line.indexOf(":");
        const name = colon < 0 ? line : line.slice(0, colon);
        const text = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
        if (name === "data") data.push(text);
        else if (name === "id") id = text;
        else if (name === "event") event = text;
      }
    }
  } finally {
    reader.releaseLock();
    await body.cancel().catch(() => undefined);
  }
}

export interface FollowOptions {
  /** Opens the stream; `lastEventId` is what was seen last, `null` the first time. Throws what must not be tried again. */
  readonly open: (lastEventId: string | null, signal: AbortSignal) => Promise<Response>;
  readonly signal: AbortSignal;
  /** Told when the stream is broken (`true`) and when it goes on (`false`). */
  readonly onBroken?: (broken: boolean) => void;
  /** What ends the stream for good; left out: nothing does. */
  readonly end?: string;
  /** How long to wait before the nth attempt, in ms; a test makes it short. */
  readonly delay?: (attempt: number) => number;
}

const LEAST = 500;
const MOST = 8000;

/** Half a second, doubled each time up to eight, shifted by chance so that not all clients come at once. */
export function backoff(attempt: number): number {
  return Math.min(MOST, LEAST * 2 ** attempt) * (0.75 + Math.random() / 2);
}

/**
 * Follows a stream to its end, over broken connections: each time it goes on after the last event that was seen, so that
 * nothing is lost and nothing comes twice.
 */
export async function* follow(options: FollowOptions): AsyncGenerator<ServerEvent> {
  const { open, signal, onBroken, end, delay = backoff } = options;
  let last: string | null = null;
  let attempt = 0;
  while (!signal.aborted) {
    let response: Response | null = null;
    try {
      response = await open(last, signal);
    } catch (error) {
      if (signal.aborted) return;
      if (!isPassing(error)) throw error;
    }
    if (response?.body) {
      onBroken?.(false);
      try {
        for await (const event of readEvents(response.body)) {
          attempt = 0;
          if (event.id) last = event.id;
          if (event.data === end) return;
          yield event;
        }
      } catch (error) {
        if (signal.aborted) return;
        if (!isPassing(error)) throw error;
      }
    }
    if (signal.aborted) return;
    onBroken?.(true);
    await sleep(delay(attempt++), signal);
  }
}

/** Whether it is worth trying again: the network failed, or the server is busy or away. */
function isPassing(error: unknown): boolean {
  const status = (error as { status?: number } | null)?.status;
  return status === undefined
    ? error instanceof TypeError || error instanceof DOMException
    : status === 0 || status >= 500;
}

/** Waits, but no longer than until the browser is online again. */
function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise(resolve => {
    if (signal.aborted) return resolve();
    const done = () => {
      clearTimeout(timer);
      globalThis.removeEventListener?.("online", done);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    globalThis.addEventListener?.("online", done);
    signal.addEventListener("abort", done);
  });
}

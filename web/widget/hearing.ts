import { follow } from "@client/sse";
import type { Trace } from "@client/traces";
import type { Server } from "./server";
import type { Visitor } from "./visitor";

/** Hears what happens between turns, for as long as the page is there; of several tabs one does. */
export async function hear(
  server: Server,
  visitor: Visitor,
  signal: AbortSignal,
  onTrace: (trace: Trace, id: string) => void,
): Promise<void> {
  const listen = async () => {
    const open = (last: string | null) => {
      const from = last ?? visitor.kept.seen;
      return server.conversation("events", { signal, headers: from ? { "Last-Event-ID": `${from}` } : {} });
    };
    for await (const { id, data } of follow({ signal, open })) {
      visitor.keep({ seen: Number(id) });
      onTrace(JSON.parse(data), id);
    }
  };
  try {
    if (navigator.locks) await navigator.locks.request(visitor.channel, { signal }, listen);
    else await listen();
  } catch {
    // The page is gone, or the conversation: turns tell what is wrong.
  }
}

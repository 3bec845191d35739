import { follow, type ServerEvent } from "@client/sse";
import { patiently, Refused, type Server, UNREACHABLE } from "./server";

/** How often a message is tried before its sender is asked what to do with it. */
const TRIES = 4;

interface Taking {
  readonly server: Server;
  readonly signal: AbortSignal;
  /** The turn to go on with; empty: one is begun. */
  readonly turnId: string;
  /** Its last event that was seen. */
  readonly seen: string | null;
  readonly begin: () => Promise<Response>;
  readonly onBegan: (turnId: string) => void;
  /** Told in how many seconds the next try is. */
  readonly onWait: (seconds: number) => void;
  readonly onBroken: (broken: boolean) => void;
}

/** What happens in a turn, over lost connections, to its end. Throws `Refused` when it cannot be begun. */
export function takeTurn(taking: Taking): AsyncGenerator<ServerEvent> {
  const { server, signal, seen, begin, onBegan, onWait, onBroken } = taking;
  let { turnId } = taking;
  let tries = 0;
  const ask = (last: string | null) =>
    turnId
      ? server.conversation(`turns/${turnId}/stream`, {
          signal,
          headers: last ? { "Last-Event-ID": last } : {},
        })
      : begin();
  /** Tried often enough, or refused to this page: a browser does not say which. */
  const isLost = async () => ++tries >= TRIES || (tries > 1 && navigator.onLine && (await server.isThere()));
  const open = async (last: string | null) => {
    try {
      const response = await patiently(() => ask(last ?? seen), signal, onWait);
      if (!turnId) {
        turnId = response.headers.get("X-Turn-Id") ?? "";
        onBegan(turnId);
      }
      return response;
    } catch (error) {
      const isPassing = error instanceof TypeError || (error as Refused).status >= 500;
      if (isPassing && !turnId && (await isLost()))
        throw error instanceof Refused ? error : new Refused(408, UNREACHABLE, "");
      throw error;
    }
  };
  return follow({ signal, end: "[DONE]", onBroken, open });
}

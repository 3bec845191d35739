import { errorOf } from "@client/api";
import { follow } from "@client/sse";
import { create } from "zustand";

/** Something that happened in a project: `inbox`, `revision`, `presence`, …, or `hello`: the connection stands (again). */
export interface FeedEvent {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
}

type Listener = (event: FeedEvent) => void;

interface Line {
  readonly listeners: Set<Listener>;
  readonly control: AbortController;
}

/** Under five seconds a broken connection is nobody's business. */
const SILENT_MS = 5000;

/** Whether nothing has come from the server for so long that people should know. */
export const useFeedState = create<{ readonly cut: boolean }>(() => ({ cut: false }));

// One for each project, however many listen: browsers open few connections to a server.
const lines = new Map<string, Line>();

/** Calls `listener` with what happens in a project until the returned function is called. */
export function listen(projectId: string, listener: Listener): () => void {
  const line = lines.get(projectId) ?? begin(projectId);
  line.listeners.add(listener);
  return () => {
    line.listeners.delete(listener);
    if (line.listeners.size > 0) return;
    line.control.abort();
    if (lines.get(projectId) === line) lines.delete(projectId);
  };
}

function begin(projectId: string): Line {
  const line: Line = { listeners: new Set(), control: new AbortController() };
  lines.set(projectId, line);
  void run(projectId, line);
  return line;
}

async function run(projectId: string, { listeners, control }: Line): Promise<void> {
  let telling: ReturnType<typeof setTimeout> | undefined;
  const onBroken = (broken: boolean) => {
    if (broken) {
      telling ??= setTimeout(() => useFeedState.setState({ cut: true }), SILENT_MS);
      return;
    }
    clearTimeout(telling);
    telling = undefined;
    useFeedState.setState({ cut: false });
  };
  const open = async (last: string | null, signal: AbortSignal) => {
    const response = await fetch(`/api/v1/projects/${encodeURIComponent(projectId)}/events`, {
      headers: last ? { "Last-Event-ID": last } : {},
      signal,
    });
    if (!response.ok) throw await errorOf(response);
    return response;
  };
  try {
    for await (const { data } of follow({ open, onBroken, signal: control.signal })) {
      const event = JSON.parse(data) as FeedEvent;
      for (const listener of listeners) listener(event);
    }
  } catch {
    // The project is gone, or nobody is signed in any more: whatever is asked for next says so.
    useFeedState.setState({ cut: !control.signal.aborted });
  } finally {
    clearTimeout(telling);
  }
}

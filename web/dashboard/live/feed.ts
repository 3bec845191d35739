import { errorOf } from "@client/api";
import { follow } from "@client/sse";
import { create } from "zustand";
import type { ProjectEvent } from "../data/events";

type Listener = (event: ProjectEvent) => void;
type Hello = Extract<ProjectEvent, { type: "hello" }>;

interface Line {
  readonly listeners: Set<Listener>;
  readonly control: AbortController;
  /** Where things stand, for who begins to listen later. */
  hello?: Hello;
}

/** Under five seconds a broken connection is nobody's business. */
const SILENT_MS = 5000;

/** Whether nothing has come from the server for so long that people should know. */
export const useFeedState = create<{ readonly cut: boolean }>(() => ({ cut: false }));

// One for each project, however many listen: browsers open few connections to a server.
const lines = new Map<string, Line>();

/** Calls `listener` with where things stand and what happens in a project until the returned function is called. */
export function listen(projectId: string, listener: Listener): () => void {
  const line = lines.get(projectId) ?? begin(projectId);
  line.listeners.add(listener);
  const { hello } = line;
  if (hello) queueMicrotask(() => line.listeners.has(listener) && listener(hello));
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

/** Where things stand after an event. */
function after(hello: Hello | undefined, event: ProjectEvent): Hello | undefined {
  switch (event.type) {
    case "hello":
      return event;
    case "presence":
      return hello && { ...hello, payload: { ...hello.payload, people: event.payload.people } };
    case "revision":
      return hello && { ...hello, payload: { ...hello.payload, revision: event.payload.revision } };
    default:
      return hello;
  }
}

async function run(projectId: string, line: Line): Promise<void> {
  const { listeners, control } = line;
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
      const event = JSON.parse(data) as ProjectEvent;
      line.hello = after(line.hello, event);
      for (const listener of listeners) listener(event);
    }
  } catch {
    // The project is gone, or nobody is signed in any more: whatever is asked for next says so.
    useFeedState.setState({ cut: !control.signal.aborted });
  } finally {
    clearTimeout(telling);
  }
}

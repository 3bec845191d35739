import { errorOf } from "@client/api";
import { follow } from "@client/sse";
import { useEffect, useRef } from "react";

/** Somebody who has the project open. */
export interface Person {
  readonly memberId: string;
  readonly clientId: string;
  readonly memberName: string;
  readonly workflowId: string | null;
  readonly stepId: string | null;
  readonly cursor: { readonly x: number; readonly y: number } | null;
}

/** What happens in a project, as its stream of events tells it; `docs/guides/edit-together.md` lists them all. */
export type ProjectEvent =
  | {
      readonly type: "hello";
      readonly payload: { readonly revision: number; readonly people: readonly Person[] };
    }
  | {
      readonly type: "revision";
      readonly payload: {
        readonly revision: number;
        readonly memberId: string | null;
        readonly memberName: string | null;
        readonly clientId: string | null;
        readonly workflows: readonly { readonly id: string; readonly steps: readonly string[] }[];
        readonly parts: readonly string[];
      };
    }
  | { readonly type: "presence"; readonly payload: { readonly people: readonly Person[] } }
  | { readonly type: "comment"; readonly payload: { readonly threadId: string } }
  | { readonly type: "inbox" | "job"; readonly payload: object };

/** This page, among all that have the project open: a save and a cursor carry it. */
export const CLIENT_ID = crypto.randomUUID();

/** Follows what happens in a project for as long as the component is there. */
export function useProjectEvents(projectId: string, onEvent: (event: ProjectEvent) => void): void {
  const told = useRef(onEvent);
  useEffect(() => {
    told.current = onEvent;
  });
  useEffect(() => {
    const control = new AbortController();
    const events = follow({
      signal: control.signal,
      open: async (last, signal) => {
        const response = await fetch(`/api/v1/projects/${encodeURIComponent(projectId)}/events`, {
          headers: last ? { "Last-Event-ID": last } : {},
          signal,
        });
        if (!response.ok) throw await errorOf(response);
        return response;
      },
    });
    void (async () => {
      try {
        for await (const event of events) told.current(JSON.parse(event.data) as ProjectEvent);
      } catch {
        // Whoever may not follow (any more) still edits: saves tell of others too.
      }
    })();
    return () => control.abort();
  }, [projectId]);
}

import { useEffect, useRef } from "react";
import { listen } from "../live/feed";

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
        readonly workflows: readonly {
          readonly id: string;
          readonly steps: readonly string[];
          readonly notes: boolean;
        }[];
        readonly parts: readonly string[];
      };
    }
  | { readonly type: "presence"; readonly payload: { readonly people: readonly Person[] } }
  | { readonly type: "comment"; readonly payload: { readonly threadId: string } }
  | { readonly type: "inbox" | "job" | "run"; readonly payload: object };

/** This page, among all that have the project open: a save and a cursor carry it. */
export const CLIENT_ID = crypto.randomUUID();

/** Follows what happens in a project for as long as the component is there. */
export function useProjectEvents(projectId: string, onEvent: (event: ProjectEvent) => void): void {
  const told = useRef(onEvent);
  useEffect(() => {
    told.current = onEvent;
  });
  useEffect(() => listen(projectId, event => told.current(event)), [projectId]);
}

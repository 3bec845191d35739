import { api } from "@client/api";
import { CLIENT_ID, type Person, type ProjectEvent, useProjectEvents } from "@dashboard/data/events";
import { useMay } from "@dashboard/data/roles";
import type { Editor } from "@dashboard/editing/editor";
import { join } from "@dashboard/editing/joining";
import { useQueryClient } from "@tanstack/react-query";
import { toast } from "@ui/toast";
import { useCallback, useEffect, useRef, useState } from "react";
import { commentsKey } from "./comments-data";

export interface Place {
  readonly workflowId: string | undefined;
  readonly stepId: string | undefined;
}

/** Where somebody points, worked out when it is told: to ask for it at every move would lay out the page each time. */
export type Pointed = (at: (() => { x: number; y: number }) | undefined) => void;

export interface Together {
  /** Who else has the project open. */
  readonly people: readonly Person[];
  /** Says where the pointer is on the canvas. */
  readonly point: Pointed;
}

const BEAT = 15_000;
/** The least time between two of a pointer's places, in ms. */
const MOVES = 400;

/** Sees and is seen by those who have the project open too, and takes in what they save. */
export function useTogether(editor: Editor, projectId: string, { workflowId, stepId }: Place): Together {
  const [people, setPeople] = useState<readonly Person[]>([]);
  const client = useQueryClient();
  const heard = (event: ProjectEvent) => {
    switch (event.type) {
      case "hello":
        setPeople(others(event.payload.people));
        if (`"${event.payload.revision}"` !== editor.getState().etag)
          void join(editor, toast).catch(() => undefined);
        return;
      case "presence":
        setPeople(others(event.payload.people));
        return;
      case "revision":
        if (event.payload.clientId !== CLIENT_ID)
          void join(editor, toast, event.payload).catch(() => undefined);
        return;
      case "comment":
        void client.invalidateQueries({ queryKey: commentsKey(projectId) });
    }
  };
  useProjectEvents(projectId, heard);

  // Who only reads is not announced to those who edit.
  const seen = useMay("answer");
  const cursor = useRef<Parameters<Pointed>[0]>(undefined);
  const say = useCallback(
    (gone = false) => {
      if (!seen) return;
      const body = { clientId: CLIENT_ID, workflowId, stepId, cursor: cursor.current?.(), gone };
      void api
        .POST("/api/v1/projects/{projectId}/presence", {
          params: { path: { projectId } },
          body,
          keepalive: gone,
        })
        .catch(() => undefined);
    },
    [projectId, workflowId, stepId, seen],
  );
  useEffect(() => {
    say();
    const beat = setInterval(say, BEAT);
    return () => clearInterval(beat);
  }, [say]);
  const last = useRef(say);
  useEffect(() => {
    last.current = say;
  }, [say]);
  useEffect(() => {
    const leave = () => last.current(true);
    addEventListener("pagehide", leave);
    return () => {
      removeEventListener("pagehide", leave);
      leave();
    };
  }, []);

  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const alone = people.length === 0;
  const point = useCallback<Pointed>(
    at => {
      cursor.current = at;
      // Nobody looks: nothing is sent.
      if (alone) return;
      timer.current ??= setTimeout(() => {
        timer.current = undefined;
        last.current();
      }, MOVES);
    },
    [alone],
  );
  return { people, point };
}

function others(people: readonly Person[]): readonly Person[] {
  return people.filter(each => each.clientId !== CLIENT_ID);
}

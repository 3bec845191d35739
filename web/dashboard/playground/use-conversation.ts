import { csrfHeaders, errorOf } from "@client/api";
import { follow } from "@client/sse";
import { type Conversation, EMPTY, type Happening, reduce, type Trace } from "@client/traces";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import { mocksOf } from "./mocks";

export type UserAction =
  | { readonly type: "launch" }
  | { readonly type: "text"; readonly payload: string }
  | { readonly type: "button"; readonly payload: { readonly label: string; readonly value?: unknown } };

export interface Begin {
  readonly workflowId: string;
  readonly stepId: string;
}

export interface Talk {
  readonly conversation: Conversation;
  readonly userId: string;
  readonly busy: boolean;
  /** The stream is broken, and goes on by itself. */
  readonly broken: boolean;
  readonly error: Error | undefined;
  readonly send: (action: UserAction, shown?: string) => void;
  /** From the beginning, or from a step. */
  readonly restart: (begin?: Begin) => void;
  readonly stop: () => void;
}

const newUser = () => `playground-${crypto.randomUUID().slice(0, 13)}`;

/** A conversation with the draft of a project, or one of its versions, as its turns stream in. */
export function useConversation(projectId: string, versionId: string): Talk {
  const [conversation, tell] = useReducer((now: Conversation, what: Happening) => reduce(now, what), EMPTY);
  const [userId, setUserId] = useState(newUser);
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState(false);
  const [error, setError] = useState<Error>();
  const running = useRef<AbortController>(null);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const turn = useCallback(
    async (user: string, action: UserAction, begin?: Begin) => {
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      setBusy(true);
      setError(undefined);
      let turnId = "";
      const key = crypto.randomUUID();
      const path = `/api/v1/projects/${encodeURIComponent(projectId)}`;
      // Only the draft takes what stands in for the world.
      const mocks = versionId === "development" ? mocksOf(projectId) : {};
      const body = JSON.stringify({
        userId: user,
        action,
        versionId,
        ...(begin && { start: begin }),
        ...(Object.keys(mocks).length > 0 && { mocks }),
      });
      try {
        const events = follow({
          signal: control.signal,
          end: "[DONE]",
          onBroken: setBroken,
          open: async (last, signal) => {
            const response = turnId
              ? await fetch(`${path}/conversations/${encodeURIComponent(user)}/turns/${turnId}/stream`, {
                  headers: last ? { "Last-Event-ID": last } : {},
                  signal,
                })
              : await fetch(`${path}/chat/stream`, {
                  method: "POST",
                  headers: { "Content-Type": "application/json", "Idempotency-Key": key, ...csrfHeaders() },
                  body,
                  signal,
                });
            if (!response.ok) throw await errorOf(response);
            turnId ||= response.headers.get("X-Turn-Id") ?? "";
            if (turnId) tell({ type: "turn-began", turnId });
            return response;
          },
        });
        for await (const event of events) {
          turnId ||= event.id.split("/")[0] ?? "";
          tell({ type: "trace", turnId, id: event.id, trace: JSON.parse(event.data) as Trace });
        }
      } catch (failure) {
        if (!control.signal.aborted) setError(failure as Error);
      } finally {
        if (running.current === control) {
          setBusy(false);
          setBroken(false);
        }
        tell({ type: "turn-ended", turnId });
      }
    },
    [projectId, versionId],
  );

  const send = useCallback(
    (action: UserAction, shown?: string) => {
      if (shown !== undefined)
        tell({ type: "said", id: crypto.randomUUID(), text: shown, time: new Date().toISOString() });
      void turn(userId, action);
    },
    [turn, userId],
  );
  const restart = useCallback(
    (begin?: Begin) => {
      const user = newUser();
      setUserId(user);
      tell({ type: "reset" });
      void turn(user, { type: "launch" }, begin);
    },
    [turn],
  );
  return { conversation, userId, busy, broken, error, send, restart, stop };
}

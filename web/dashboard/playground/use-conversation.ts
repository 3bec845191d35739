import { api, csrfHeaders, errorOf } from "@client/api";
import { follow } from "@client/sse";
import { type Conversation, EMPTY, type Happening, reduce, type Trace } from "@client/traces";
import { useCallback, useEffect, useReducer, useRef, useState } from "react";
import type { RecordedTurn } from "../data/turns";
import { mocksOf } from "./mocks";

export type UserAction =
  | { readonly type: "launch" }
  | { readonly type: "text"; readonly payload: string }
  | { readonly type: "button"; readonly payload: { readonly label: string; readonly value?: unknown } };

export interface Begin {
  readonly workflowId: string;
  readonly stepId: string;
}

/** The moment before a recorded turn, with what was shown of the conversation then. */
export interface Moment {
  readonly before: RecordedTurn["before"];
  readonly shown: Conversation;
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
  /** Goes on from a moment as another user; what is said next may come with it. */
  readonly goOn: (moment: Moment, next?: UserAction, shown?: string) => void;
  /** Whether anything was said, or the conversation goes on from elsewhere. */
  readonly begun: boolean;
  readonly stop: () => void;
}

type Told = Happening | { readonly type: "shown"; readonly conversation: Conversation };
const happened = (now: Conversation, what: Told) =>
  what.type === "shown" ? what.conversation : reduce(now, what);

const newUser = () => `playground-${crypto.randomUUID().slice(0, 13)}`;

/** A conversation with the draft of a project, or one of its versions, as its turns stream in. */
export function useConversation(projectId: string, versionId: string): Talk {
  const [conversation, tell] = useReducer(happened, EMPTY);
  const [userId, setUserId] = useState(newUser);
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState(false);
  const [error, setError] = useState<Error>();
  const [isElsewhere, setElsewhere] = useState(false);
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
      setElsewhere(false);
      tell({ type: "reset" });
      void turn(user, { type: "launch" }, begin);
    },
    [turn],
  );
  const goOn = useCallback(
    async ({ before, shown }: Moment, next?: UserAction, words?: string) => {
      const user = newUser();
      running.current?.abort();
      setError(undefined);
      setBusy(true);
      try {
        if (!before) throw new Error("The state of this turn is not kept any more.");
        await api.PUT("/api/v1/projects/{projectId}/conversations/{userId}/state", {
          params: { path: { projectId, userId: user } },
          body: before as never,
        });
      } catch (failure) {
        setError(failure as Error);
        setBusy(false);
        return;
      }
      setBusy(false);
      setUserId(user);
      setElsewhere(true);
      tell({ type: "shown", conversation: shown });
      if (!next) return;
      if (words !== undefined)
        tell({ type: "said", id: crypto.randomUUID(), text: words, time: new Date().toISOString() });
      void turn(user, next);
    },
    [projectId, turn],
  );
  const begun = isElsewhere || conversation.turns.length > 0;
  return {
    conversation,
    userId,
    busy,
    broken,
    error,
    send,
    restart,
    goOn: (...how) => void goOn(...how),
    begun,
    stop,
  };
}

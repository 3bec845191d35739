import { api, csrfHeaders, errorOf } from "@client/api";
import { follow } from "@client/sse";
import { type Conversation, EMPTY, type Happening, reduce, type Trace } from "@client/traces";
import { useQueryClient } from "@tanstack/react-query";
import { t } from "@ui/words";
import { useCallback, useEffect, useMemo, useReducer, useRef, useState } from "react";
import { versionsQuery } from "../data/projects";
import type { RecordedTurn } from "../data/turns";
import { whenDraftSaved } from "../editing/when-saved";
import { versionDocumentQuery } from "../publish/data";
import { keptTest, useKeptTest } from "./kept";
import { mocksOf } from "./mocks";

export type UserAction =
  | { readonly type: "launch" }
  | { readonly type: "text"; readonly payload: string }
  | { readonly type: "button"; readonly payload: { readonly label: string; readonly value?: unknown } };

export interface Begin {
  readonly workflowId: string;
  readonly stepId: string;
}

/** A turn that was taken here: what was shown before it, and what the user said or pressed. */
export interface Taken {
  readonly turnId: string;
  readonly userId: string;
  readonly shown: Conversation;
  readonly action: UserAction;
  /** The user's words, and the item that shows them; none of a beginning. */
  readonly said?: { readonly id: string; readonly text: string };
  readonly begin?: Begin;
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
  /** The turns that were taken here, in their order. */
  readonly taken: readonly Taken[];
  /** Takes a turn anew from where it began, as another user; with other words it is another branch. */
  readonly again: (turn: Taken, words?: string) => void;
  /** From the beginning, with variables that the user already has. */
  readonly begin: (variables: Readonly<Record<string, unknown>>) => void;
  /** Whether anything was said, or the conversation goes on from elsewhere. */
  readonly begun: boolean;
  readonly stop: () => void;
}

type Told = Happening | { readonly type: "shown"; readonly conversation: Conversation };
const happened = (now: Conversation, what: Told) =>
  what.type === "shown" ? what.conversation : reduce(now, what);

interface How {
  readonly begin?: Begin;
  readonly variables?: Readonly<Record<string, unknown>>;
  readonly said?: { readonly id: string; readonly text: string };
  /** What was shown before; left out: what is shown now. */
  readonly shown?: Conversation;
  /** A turn that runs already: it is heard to its end. */
  readonly turnId?: string;
}

const saying = (text?: string) => (text === undefined ? undefined : { id: crypto.randomUUID(), text });
const newUser = () => `playground-${crypto.randomUUID().slice(0, 13)}`;

/**
 * A conversation with the draft of a project, or one of its versions, as its turns stream in; the one that this tab had
 * last goes on.
 */
export function useConversation(projectId: string, versionId: string): Talk {
  const client = useQueryClient();
  const [kept] = useState(() => keptTest(projectId));
  const [conversation, tell] = useReducer(happened, kept?.conversation ?? EMPTY);
  const [userId, setUserId] = useState(() => kept?.userId ?? newUser());
  const [busy, setBusy] = useState(false);
  const [broken, setBroken] = useState(false);
  const [error, setError] = useState<Error>();
  const [isElsewhere, setElsewhere] = useState(kept?.isElsewhere ?? false);
  const [taken, setTaken] = useState<readonly Taken[]>(kept?.taken ?? []);
  const test = useMemo(
    () => ({ userId, conversation, isElsewhere, taken }),
    [userId, conversation, isElsewhere, taken],
  );
  useKeptTest(projectId, test, busy);
  const latest = useRef(conversation);
  useEffect(() => {
    latest.current = conversation;
  }, [conversation]);
  const running = useRef<AbortController>(null);
  const stop = useCallback(() => running.current?.abort(), []);
  useEffect(() => stop, [stop]);

  const turn = useCallback(
    async (user: string, action: UserAction, how: How = {}) => {
      const { begin, variables, said } = how;
      const shown = how.shown ?? latest.current;
      if (said) tell({ type: "said", ...said, time: new Date().toISOString() });
      running.current?.abort();
      const control = new AbortController();
      running.current = control;
      setBusy(true);
      setError(undefined);
      let turnId = how.turnId ?? "";
      const key = crypto.randomUUID();
      const path = `/api/v1/projects/${encodeURIComponent(projectId)}`;
      // Only the draft takes what stands in for the world.
      const mocks = versionId === "development" ? mocksOf(projectId) : {};
      const body = JSON.stringify({
        userId: user,
        action,
        versionId,
        ...(begin && { start: begin }),
        ...(variables && { variables }),
        ...(Object.keys(mocks).length > 0 && { mocks }),
      });
      try {
        // The server runs the draft as it has it.
        if (versionId === "development") await whenDraftSaved(projectId);
        control.signal.throwIfAborted();
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
            if (!turnId) {
              turnId = response.headers.get("X-Turn-Id") ?? "";
              const began = { turnId, userId: user, shown, action, said, begin };
              setTaken(now => [...now.filter(each => each.turnId !== turnId), began]);
            }
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
        // What never began is no turn.
        if (turnId) tell({ type: "turn-ended", turnId });
      }
    },
    [projectId, versionId],
  );

  const resumed = useRef(false);
  useEffect(() => {
    const last = kept?.conversation.turns.at(-1);
    if (kept && last && !last.done && !resumed.current) {
      resumed.current = true;
      void turn(kept.userId, { type: "launch" }, { turnId: last.id });
    }
  }, [kept, turn]);

  const send = useCallback(
    (action: UserAction, shown?: string) => void turn(userId, action, { said: saying(shown) }),
    [turn, userId],
  );
  const anew = useCallback(
    (how: How = {}, user = newUser()) => {
      setUserId(user);
      setElsewhere(false);
      setTaken([]);
      tell({ type: "reset" });
      void turn(user, { type: "launch" }, { ...how, shown: EMPTY });
    },
    [turn],
  );
  const asKnown = useCallback(
    async (variables: How["variables"]) => {
      if (versionId === "development") return anew({ variables });
      const user = newUser();
      const path = { projectId, userId: user };
      setBusy(true);
      try {
        // A turn of a version takes no variables; set before it begins, they begin as the version's do.
        const versions = await client.fetchQuery(versionsQuery(projectId));
        const id = versions.find(each => versionId === "production" && each.production)?.id ?? versionId;
        const found = await client.fetchQuery(versionDocumentQuery(projectId, id));
        const own = found.variables.map(each => [
          each.name,
          each.environments?.production ?? each.default ?? null,
        ]);
        const body = { ...Object.fromEntries(own), ...variables };
        await api.PATCH("/api/v1/projects/{projectId}/conversations/{userId}/variables", {
          params: { path },
          body,
        });
      } catch (failure) {
        setError(failure as Error);
        setBusy(false);
        return;
      }
      anew({}, user);
    },
    [projectId, versionId, client, anew],
  );
  const goOn = useCallback(
    async ({ before, shown }: Moment, next?: UserAction, words?: string) => {
      const user = newUser();
      running.current?.abort();
      setError(undefined);
      setBusy(true);
      try {
        if (!before) throw new Error(t("The state of this turn is not kept any more."));
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
      setTaken(now => now.filter(each => shown.turns.some(turn => turn.id === each.turnId)));
      tell({ type: "shown", conversation: shown });
      if (next) void turn(user, next, { said: saying(words), shown });
    },
    [projectId, turn],
  );
  const again = useCallback(
    async ({ turnId, userId: user, shown, action, said, begin }: Taken, words?: string) => {
      if (!said) return anew({ begin });
      running.current?.abort();
      setBusy(true);
      const params = { path: { projectId, userId: user, turnId } };
      try {
        const { data } = await api.GET("/api/v1/projects/{projectId}/conversations/{userId}/turns/{turnId}", {
          params,
        });
        const next: UserAction = words === undefined ? action : { type: "text", payload: words };
        await goOn({ before: data?.before ?? null, shown }, next, words ?? said.text);
      } catch (failure) {
        setError(failure as Error);
        setBusy(false);
      }
    },
    [projectId, goOn, anew],
  );
  return {
    conversation,
    userId,
    busy,
    broken,
    error,
    send,
    restart: begin => anew({ begin }),
    begin: variables => void asKnown(variables),
    goOn: useCallback((...how: Parameters<Talk["goOn"]>) => void goOn(...how), [goOn]),
    taken,
    again: (...how) => void again(...how),
    begun: isElsewhere || conversation.turns.length > 0,
    stop,
  };
}

import { api, sent } from "@client/api";
import { inboxConversationQuery, inboxKey } from "@dashboard/data/inbox";
import type { QueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { keepEntry } from "./acts";
import { type Attached, attach } from "./attachments";
import { type Kind, setDraft } from "./drafts";

/** Words on their way; `held`: they can still be taken back. */
export interface Outgoing {
  readonly id: string;
  readonly projectId: string;
  readonly userId: string;
  readonly kind: Kind;
  readonly text: string;
  readonly attachments: readonly Attached[];
  readonly at: string;
  readonly state: "held" | "sending" | "failed";
  readonly error?: string;
}

export const HELD_MS = 5000;

const useOutbox = create<{ readonly all: readonly Outgoing[] }>(() => ({ all: [] }));

/** What is on its way in a conversation, oldest first. */
export function useOutgoing(projectId: string, userId: string): readonly Outgoing[] {
  const all = useOutbox(state => state.all);
  return all.filter(each => each.projectId === projectId && each.userId === userId);
}

const timers = new Map<string, { readonly timer: ReturnType<typeof setTimeout>; readonly now: () => void }>();

/** Sends a reply in five seconds, and at once when the page is left; a note, which no user sees, goes at once. */
export function post(
  client: QueryClient,
  projectId: string,
  userId: string,
  kind: Kind,
  text: string,
  attachments: readonly Attached[] = [],
): void {
  const id = crypto.randomUUID();
  const at = new Date().toISOString();
  const made: Outgoing = { id, projectId, userId, kind, text, attachments, at, state: "held" };
  useOutbox.setState(({ all }) => ({ all: [...all, made] }));
  if (kind === "note") {
    void deliver(client, made);
    return;
  }
  const now = () => {
    clearTimeout(timer);
    timers.delete(id);
    void deliver(client, made);
  };
  const timer = setTimeout(now, HELD_MS);
  timers.set(id, { timer, now });
}

/** Takes back what is held or has failed, and puts it before whatever is being written. */
export function takeBack({ id, projectId, userId, kind, text, attachments }: Outgoing, draft: string): void {
  clearTimeout(timers.get(id)?.timer);
  timers.delete(id);
  remove(id);
  setDraft(projectId, userId, kind, draft ? `${text}\n${draft}` : text);
  attach(projectId, userId, attachments);
}

export function retry(client: QueryClient, outgoing: Outgoing): void {
  void deliver(client, outgoing);
}

addEventListener("pagehide", () => {
  for (const { now } of timers.values()) now();
});

async function deliver(client: QueryClient, outgoing: Outgoing): Promise<void> {
  change(outgoing.id, { state: "sending", error: undefined });
  try {
    await (outgoing.kind === "reply" ? reply(client, outgoing) : note(client, outgoing));
    remove(outgoing.id);
  } catch (error) {
    change(outgoing.id, { state: "failed", error: (error as Error).message });
  }
}

async function reply(
  client: QueryClient,
  { id, projectId, userId, text, attachments }: Outgoing,
): Promise<void> {
  const answered = await sent(
    api.POST("/api/v1/projects/{projectId}/inbox/{userId}/reply", {
      // However often it is sent, it is said once.
      params: { path: { projectId, userId }, header: { "Idempotency-Key": id } },
      body: { text, attachments: [...attachments] },
      keepalive: true,
    }),
  );
  await keepEntry(client, projectId, answered.entry, before => ({
    ...before,
    messages: before.messages.some(each => each.createdAt === answered.message.createdAt)
      ? before.messages
      : [...before.messages, answered.message],
  }));
}

async function note(client: QueryClient, { projectId, userId, text }: Outgoing): Promise<void> {
  const added = await sent(
    api.POST("/api/v1/projects/{projectId}/inbox/{userId}/note", {
      params: { path: { projectId, userId } },
      body: { text },
    }),
  );
  await client.cancelQueries({ queryKey: inboxKey(projectId) });
  client.setQueryData(inboxConversationQuery(projectId, userId).queryKey, before =>
    before && !before.notes.some(each => each.id === added.id)
      ? { ...before, notes: [...before.notes, added] }
      : before,
  );
  void client.invalidateQueries({ queryKey: inboxKey(projectId) });
}

function change(id: string, values: Partial<Outgoing>): void {
  useOutbox.setState(({ all }) => ({
    all: all.map(each => (each.id === id ? { ...each, ...values } : each)),
  }));
}

function remove(id: string): void {
  useOutbox.setState(({ all }) => ({ all: all.filter(each => each.id !== id) }));
}

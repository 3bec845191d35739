import { api, type Schema, sent } from "@client/api";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cursorOf } from "./pages";

export type Entry = Schema<"InboxEntry">;
export type InboxConversation = Schema<"InboxConversation">;
export type Queue = "waiting" | "mine" | "all" | "snoozed" | "resolved";

const BASE = "/api/v1/projects/{projectId}/inbox";

/** Everything that is kept of a project's inbox. */
export const inboxKey = (projectId: string) => ["project", projectId, "inbox"] as const;

/** A queue of the inbox, the conversation where something happened last first; each page also counts all queues. */
export const queueQuery = (projectId: string, queue: Queue) =>
  infiniteQueryOptions({
    queryKey: [...inboxKey(projectId), "queue", queue],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const params = { path: { projectId }, query: { queue, cursor } };
      const { data, response } = await api.GET(BASE, { params, signal });
      return { ...(data as Schema<"Inbox">), next: cursorOf(response) };
    },
    getNextPageParam: page => page.next,
  });

/** A conversation with its last messages and all notes. */
export const inboxConversationQuery = (projectId: string, userId: string) =>
  queryOptions({
    queryKey: [...inboxKey(projectId), "conversation", userId],
    queryFn: ({ signal }) =>
      sent(api.GET(`${BASE}/{userId}`, { params: { path: { projectId, userId } }, signal })),
  });

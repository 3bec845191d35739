import { api, sent } from "@client/api";
import { type Entry, type InboxConversation, inboxConversationQuery, inboxKey } from "@dashboard/data/inbox";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

const BASE = "/api/v1/projects/{projectId}/inbox/{userId}";

/** Shows a conversation as the server has it now, and reads the queues anew. */
export async function keepEntry(
  client: QueryClient,
  projectId: string,
  entry: Entry,
  also: (conversation: InboxConversation) => InboxConversation = same => same,
): Promise<void> {
  const { queryKey } = inboxConversationQuery(projectId, entry.userId);
  // What is on its way is from before.
  await client.cancelQueries({ queryKey: inboxKey(projectId) });
  client.setQueryData(queryKey, before => before && also({ ...before, entry }));
  void client.invalidateQueries({ queryKey: inboxKey(projectId) });
}

/** What is done with a conversation of the inbox, but for speaking in it. */
export function useActs(projectId: string, userId: string) {
  const client = useQueryClient();
  const params = { path: { projectId, userId } };
  const renew = () => client.invalidateQueries({ queryKey: inboxKey(projectId) });
  // Whoever was slower sees at once how it is.
  const settled = { onSuccess: (entry: Entry) => keepEntry(client, projectId, entry), onError: renew };
  const take = useMutation({
    meta: { quiet: true },
    mutationFn: () => sent(api.POST(`${BASE}/take`, { params })),
    ...settled,
  });
  const assign = useMutation({
    mutationFn: (memberId: string | null) => sent(api.POST(`${BASE}/assign`, { params, body: { memberId } })),
    ...settled,
  });
  const snooze = useMutation({
    mutationFn: (until: Date) =>
      sent(api.POST(`${BASE}/snooze`, { params, body: { until: until.toISOString() } })),
    ...settled,
  });
  const resolve = useMutation({
    mutationFn: () => sent(api.POST(`${BASE}/resolve`, { params, body: {} })),
    ...settled,
  });
  const handBack = useMutation({
    meta: { quiet: true },
    mutationFn: (note: string) =>
      sent(api.POST(`${BASE}/hand-back`, { params, body: { note: note || null } })),
    onSettled: renew,
  });
  return { take, assign, snooze, resolve, handBack };
}

export type Acts = ReturnType<typeof useActs>;

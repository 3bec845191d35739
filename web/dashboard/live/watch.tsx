import { type Entry, inboxKey, queueQuery } from "@dashboard/data/inbox";
import { runsKey, runsQuery } from "@dashboard/data/runs";
import { type QueryClient, useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "@ui/words";
import { useEffect, useRef } from "react";
import { useFavicon } from "./favicon";
import { listen } from "./feed";
import { notice } from "./notices";
import { useWaiting } from "./waiting";

/** Keeps what is shown of a project's inbox and posts as it is, wherever in the project one is, and tells of what comes. */
export default function Watch({
  projectId,
  publishes,
}: {
  readonly projectId: string;
  /** Whether it has pipelines, whose posts wait for approval. */
  readonly publishes: boolean;
}) {
  const client = useQueryClient();
  const all = useInfiniteQuery(queueQuery(projectId, "all"));
  const queues = all.data?.pages[0]?.queues;
  useEffect(
    () =>
      listen(projectId, ({ type }) => {
        // After a cut nobody knows what was missed: all of it is read anew, as after each change.
        if (type === "inbox" || type === "hello") void renew(client, inboxKey(projectId));
        if (type === "run" || type === "hello") void renew(client, runsKey(projectId));
      }),
    [client, projectId],
  );
  useEffect(() => useWaiting.setState({ inbox: queues?.waiting?.count ?? 0 }), [queues]);
  const posts = useInfiniteQuery({ ...runsQuery(projectId, "waiting"), enabled: publishes });
  const outbound = posts.data?.pages.reduce((sum, page) => sum + page.runs.length, 0) ?? 0;
  useEffect(() => useWaiting.setState({ outbound }), [outbound]);
  useEffect(() => () => useWaiting.setState({ inbox: 0, outbound: 0 }), []);
  useFavicon();
  useArrivals(projectId, all.data?.pages[0]?.entries);
  return null;
}

async function renew(client: QueryClient, queryKey: readonly string[]): Promise<void> {
  // What is on its way may be from before the change.
  await client.cancelQueries({ queryKey });
  await client.invalidateQueries({ queryKey });
}

/** Tells, by the means that were chosen, of a conversation that waits anew and of words in one's own. */
function useArrivals(projectId: string, entries: readonly Entry[] | undefined): void {
  const navigate = useNavigate();
  const client = useQueryClient();
  const before = useRef<ReadonlyMap<string, string | null>>(undefined);
  useEffect(() => {
    if (!entries) return;
    const known = before.current;
    before.current = new Map(entries.map(each => [each.userId, each.waitingSince]));
    if (!known) return;
    const me = client.getQueryData<{ memberId: string | null }>(["session"])?.memberId;
    for (const { userId, status, member, waitingSince, lastMessage, reason } of entries) {
      if (!waitingSince || known.get(userId) === waitingSince) continue;
      const open = () =>
        void navigate({
          to: "/p/$projectId/inbox/{-$conversation}",
          params: { projectId, conversation: userId },
        });
      const words = lastMessage?.role === "user" ? lastMessage.text : reason;
      if (status === "waiting" && !known.has(userId))
        notice("waiting", t("%{userId} waits for a person", { userId }), words, open);
      else if (status === "taken" && member?.id === me)
        notice("mine", t("%{userId} wrote", { userId }), words, open);
    }
  }, [entries, projectId, navigate, client]);
}

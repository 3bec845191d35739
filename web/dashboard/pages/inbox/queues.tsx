import { type Entry, type Queue, queueQuery } from "@dashboard/data/inbox";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { count, Time } from "@ui/time";
import { Inbox } from "lucide-react";
import { route } from "./route";
import { Waited } from "./waited";

export const QUEUES: readonly { readonly value: Queue; readonly label: string; readonly empty: string }[] = [
  { value: "waiting", label: "Waiting", empty: "Nobody waits for a person" },
  { value: "mine", label: "Mine", empty: "You have no conversation" },
  { value: "all", label: "All", empty: "No person has a conversation, and nobody waits" },
  { value: "snoozed", label: "Snoozed", empty: "Nothing is snoozed" },
  { value: "resolved", label: "Resolved", empty: "No person has resolved a conversation yet" },
];

interface QueuesProps {
  readonly projectId: string;
  readonly queue: Queue;
  readonly opened: string | undefined;
  readonly me: string | null;
}

/** The queues with what is in each, and the conversations of one. */
export function Queues({ projectId, queue, opened, me }: QueuesProps) {
  const pages = useInfiniteQuery(queueQuery(projectId, queue));
  const counts = pages.data?.pages[0]?.queues;
  const entries = pages.data?.pages.flatMap(page => page.entries) ?? [];
  return (
    <>
      <nav aria-label="Queues" className="shrink-0 border-line border-b p-2">
        <ul className="flex flex-col gap-px">
          {QUEUES.map(({ value, label }) => {
            const held = counts?.[value];
            return (
              <li key={value}>
                <Link
                  from={route.fullPath}
                  to="."
                  params={before => before}
                  search={before => ({ ...before, queue: value === "waiting" ? undefined : value })}
                  aria-current={value === queue ? "true" : undefined}
                  className={cx(
                    "flex h-8 items-center gap-2 rounded-control px-2 text-body hover:bg-hover coarse:h-10",
                    value === queue ? "bg-hover font-medium text-text" : "text-text-2",
                  )}
                >
                  <span className="flex-1">{label}</span>
                  {value !== "resolved" && held?.waitingSince && (
                    <span className="text-caption text-text-3">
                      <span className="sr-only">longest wait </span>
                      <Waited since={held.waitingSince} />
                    </span>
                  )}
                  <span className="min-w-6 text-end text-dense text-text-2 tabular-nums">
                    {held?.count ? count(held.count) : "–"}
                  </span>
                </Link>
              </li>
            );
          })}
        </ul>
      </nav>
      <section aria-label="Conversations" className="min-h-0 flex-1 overflow-y-auto">
        {pages.isPending && (
          <Loading what="conversations" className="flex flex-col gap-px p-2">
            {["a", "b", "c", "d"].map(row => (
              <Skeleton key={row} className="h-16" />
            ))}
          </Loading>
        )}
        {pages.isError && entries.length === 0 && (
          <ErrorState
            className="m-2"
            title="Could not load the conversations."
            error={pages.error}
            onRetry={() => pages.refetch()}
          />
        )}
        {pages.isSuccess && entries.length === 0 && <Nothing queue={queue} />}
        <ul>
          {entries.map(entry => (
            <Row key={entry.userId} entry={entry} opened={entry.userId === opened} me={me} />
          ))}
        </ul>
        {pages.hasNextPage && (
          <div className="flex justify-center p-2">
            <Button dense busy={pages.isFetchingNextPage} onClick={() => pages.fetchNextPage()}>
              Show older conversations
            </Button>
          </div>
        )}
      </section>
    </>
  );
}

function Nothing({ queue }: { readonly queue: Queue }) {
  return (
    <EmptyState icon={Inbox} title={QUEUES.find(each => each.value === queue)?.empty ?? ""}>
      {queue === "waiting" &&
        "A conversation comes here when a flow reaches a Handoff step, or when an agent escalates."}
    </EmptyState>
  );
}

function Row({
  entry,
  opened,
  me,
}: {
  readonly entry: Entry;
  readonly opened: boolean;
  readonly me: string | null;
}) {
  const { userId, lastMessage, reason, waitingSince, updatedAt } = entry;
  return (
    <li className="border-line border-b">
      <Link
        from={route.fullPath}
        to="."
        params={before => ({ ...before, conversation: userId })}
        search={before => before}
        aria-current={opened || undefined}
        className={cx(
          "flex flex-col gap-0.5 px-3 py-2 hover:bg-hover focus-visible:-outline-offset-2",
          opened && "bg-accent-soft",
        )}
      >
        <span className="flex items-baseline gap-2">
          <span dir="auto" title={userId} className="min-w-0 flex-1 truncate font-medium text-body">
            {userId}
          </span>
          <span className="text-caption text-text-3">
            {waitingSince ? (
              <>
                <span className="sr-only">waits </span>
                <Waited since={waitingSince} />
              </>
            ) : (
              <Time at={updatedAt} />
            )}
          </span>
        </span>
        <span dir="auto" className="wrap-anywhere line-clamp-2 text-dense text-text-2">
          {lastMessage ? `${lastMessage.role === "user" ? "" : "↩ "}${lastMessage.text}` : reason || "–"}
        </span>
        <span className="flex flex-wrap gap-1 empty:hidden">
          <Who entry={entry} me={me} />
        </span>
      </Link>
    </li>
  );
}

/** Who has a conversation, in a word. */
export function Who({ entry, me }: { readonly entry: Entry; readonly me: string | null }) {
  const { status, member, snoozedUntil, target } = entry;
  if (status === "resolved") return <Badge tone="ok">Resolved</Badge>;
  if (status === "returned") return <Badge>The agent answers</Badge>;
  return (
    <>
      {status === "waiting" && <Badge tone="warn">Waiting{target && ` for ${target}`}</Badge>}
      {status === "taken" && (
        <Badge tone={member?.id === me ? "accent" : "neutral"}>
          {member?.id === me ? "You are answering" : `${member?.name ?? "Somebody"} is answering`}
        </Badge>
      )}
      {snoozedUntil && (
        <Badge tone="info">
          Snoozed until{" "}
          {new Date(snoozedUntil).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" })}
        </Badge>
      )}
    </>
  );
}

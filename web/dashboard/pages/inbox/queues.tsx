import { api, sent } from "@client/api";
import { type Entry, inboxConversationQuery, inboxKey, type Queue, queueQuery } from "@dashboard/data/inbox";
import { useNames } from "@dashboard/data/names";
import { documentQuery, useFramework } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { Choice, useEach } from "@dashboard/work-list/chosen";
import { RowText, rowClass } from "@dashboard/work-list/list";
import type { Choices } from "@dashboard/work-list/use-work";
import { WorkPane } from "@dashboard/work-list/work-pane";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState } from "@ui/states";
import { count, Time } from "@ui/time";
import { t } from "@ui/words";
import { Inbox } from "lucide-react";
import { useMemo } from "react";
import type { useMe } from "./me";
import { useOpenedKept } from "./opened-kept";
import { route } from "./route";
import { Waited } from "./waited";

export const QUEUES: readonly { readonly value: Queue; readonly label: string; readonly empty: string }[] = [
  { value: "waiting", label: t("Waiting"), empty: t("Nobody waits for a person") },
  { value: "mine", label: t("Mine"), empty: t("You have no conversation") },
  { value: "all", label: t("All"), empty: t("No person has a conversation, and nobody waits") },
  { value: "snoozed", label: t("Snoozed"), empty: t("Nothing is snoozed") },
  { value: "resolved", label: t("Resolved"), empty: t("No person has resolved a conversation yet") },
];

const FLOW = "conversation-flow";

interface QueuesProps {
  readonly projectId: string;
  readonly queue: Queue;
  readonly opened: string | undefined;
  readonly me: ReturnType<typeof useMe>;
}

const idOf = (entry: Entry) => entry.userId;
const textOf = (entry: Entry, name: string | undefined) =>
  [
    entry.userId,
    name,
    entry.lastMessage?.text,
    entry.reason,
    entry.summary,
    entry.target,
    entry.member?.name,
  ].join(" ");

/** The queues with what is in each, and the conversations of one. */
export function Queues({ projectId, queue, opened, me }: QueuesProps) {
  const { find = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(queueQuery(projectId, queue));
  const counts = pages.data?.pages[0]?.queues;
  const listed = useMemo(() => pages.data?.pages.flatMap(page => page.entries) ?? [], [pages.data]);
  const { data: read } = useQuery({ ...inboxConversationQuery(projectId, opened ?? ""), enabled: false });
  const items = useOpenedKept(listed, read?.entry, queue);
  const names = useNames(
    projectId,
    useMemo(() => items.map(idOf), [items]),
  );
  return (
    <>
      <nav aria-label={t("Queues")} className="shrink-0 border-line border-b p-2">
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
                      <span className="sr-only">{t("longest wait")} </span>
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
      <WorkPane
        what="conversation"
        many={t("conversations")}
        label={t("Conversations")}
        group={t("Inbox")}
        list={queue}
        pages={pages}
        items={items}
        idOf={idOf}
        textOf={entry => textOf(entry, names.get(entry.userId))}
        opened={opened}
        chooses={me.answers}
        find={find}
        onFind={next =>
          void navigate({
            params: before => before,
            search: before => ({ ...before, find: next || undefined }),
            replace: true,
          })
        }
        onOpen={conversation =>
          void navigate({ params: { projectId, conversation }, search: before => before })
        }
        together={work => <Together projectId={projectId} work={work} />}
        row={(entry, work) => (
          <Row
            entry={entry}
            called={names.get(entry.userId)}
            opened={entry.userId === opened}
            me={me}
            work={work}
          />
        )}
        none={t("No conversation here has “%{find}” in it.", { find })}
      >
        <Nothing projectId={projectId} queue={queue} />
      </WorkPane>
    </>
  );
}

/** What is done with several conversations. */
function Together({ projectId, work }: { readonly projectId: string; readonly work: Choices }) {
  const client = useQueryClient();
  const settled = () => {
    work.clear();
    void client.invalidateQueries({ queryKey: inboxKey(projectId) });
  };
  const of = (userId: string) => ({ params: { path: { projectId, userId } } });
  const take = useEach(
    id => sent(api.POST("/api/v1/projects/{projectId}/inbox/{userId}/take", of(id))),
    { what: "conversation", done: "taken" },
    settled,
  );
  const resolve = useEach(
    id => sent(api.POST("/api/v1/projects/{projectId}/inbox/{userId}/resolve", { ...of(id), body: {} })),
    { what: "conversation", done: "resolved" },
    settled,
  );
  const each = { ids: work.chosen, value: undefined };
  return (
    <>
      <Button dense busy={take.isPending} onClick={() => take.mutate(each)}>
        {t("Take")}
      </Button>
      <Button dense busy={resolve.isPending} onClick={() => resolve.mutate(each)}>
        {t("Resolve")}
      </Button>
    </>
  );
}

function Nothing({ projectId, queue }: { readonly projectId: string; readonly queue: Queue }) {
  const edits = useMay("edit") && queue === "waiting";
  const framework = useFramework(projectId);
  const { data } = useQuery({ ...documentQuery(projectId), enabled: edits && framework === FLOW });
  const steps = data?.document.workflows.flatMap(each => each.steps);
  const lacks = steps?.every(each => each.type !== "handoff") ?? false;
  return (
    <EmptyState
      icon={Inbox}
      title={QUEUES.find(each => each.value === queue)?.empty ?? ""}
      actions={
        edits && (
          <>
            {lacks && (
              <Link
                to="/p/$projectId/build/{-$workflow}"
                params={{ projectId }}
                className={buttonClass("primary")}
              >
                {t("Add a handoff")}
              </Link>
            )}
            <Link
              to="/p/$projectId/test"
              params={{ projectId }}
              className={buttonClass(lacks ? "secondary" : "primary")}
            >
              {t("Test the agent")}
            </Link>
          </>
        )
      }
    >
      {queue === "waiting" &&
        (framework === "agentic"
          ? t("A conversation comes here when somebody asks for a person, or when the agent cannot help.")
          : t("A conversation comes here when a flow reaches a Handoff step, or when an agent escalates."))}
    </EmptyState>
  );
}

interface RowProps {
  readonly entry: Entry;
  readonly called: string | undefined;
  readonly opened: boolean;
  readonly me: ReturnType<typeof useMe>;
  readonly work: Choices;
}

function Row({ entry, called, opened, me, work }: RowProps) {
  const { userId, lastMessage, reason, waitingSince, updatedAt } = entry;
  return (
    <>
      <Link
        from={route.fullPath}
        to="."
        params={before => ({ ...before, conversation: userId })}
        search={before => before}
        aria-current={opened || undefined}
        className={rowClass(opened, work.chosen.includes(userId))}
      >
        <RowText
          name={userId}
          called={called}
          at={
            waitingSince ? (
              <>
                <span className="sr-only">{t("waits")} </span>
                <Waited since={waitingSince} />
              </>
            ) : (
              <Time at={updatedAt} />
            )
          }
          text={lastMessage ? `${lastMessage.role === "user" ? "" : "↩ "}${lastMessage.text}` : reason || "–"}
        >
          <Who entry={entry} me={me.id} />
        </RowText>
      </Link>
      {me.answers && <Choice id={userId} name={userId} work={work} />}
    </>
  );
}

/** Who has a conversation, in a word. */
export function Who({ entry, me }: { readonly entry: Entry; readonly me: string | null }) {
  const { status, member, snoozedUntil, target } = entry;
  if (status === "resolved") return <Badge tone="ok">{t("Resolved")}</Badge>;
  if (status === "returned") return <Badge>{t("The agent answers")}</Badge>;
  return (
    <>
      {status === "waiting" && (
        <Badge tone="warn">
          {t("Waiting")}
          {target && t(" for %{target}", { target })}
        </Badge>
      )}
      {status === "taken" && (
        <Badge tone={member?.id === me ? "accent" : "neutral"}>
          {member?.id === me
            ? t("You are answering")
            : t("%{value} is answering", { value: member?.name ?? t("Somebody") })}
        </Badge>
      )}
      {snoozedUntil && (
        <Badge tone="info">
          {t("Snoozed until %{time}", {
            time: new Date(snoozedUntil).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" }),
          })}
        </Badge>
      )}
    </>
  );
}

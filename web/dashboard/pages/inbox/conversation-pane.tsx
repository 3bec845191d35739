import { ApiError } from "@client/api";
import { type InboxConversation, inboxConversationQuery } from "@dashboard/data/inbox";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { Icon } from "@ui/icon";
import { SplitPane } from "@ui/split-pane";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ArrowLeft, Bot } from "lucide-react";
import { useSyncExternalStore } from "react";
import { type Acts, useActs } from "./acts";
import { Composer } from "./composer";
import { Details } from "./details";
import { Head } from "./head";
import type { useMe } from "./me";
import { useOutgoing } from "./outbox";
import { route } from "./route";
import { Timeline } from "./timeline";

interface PaneProps {
  readonly projectId: string;
  readonly userId: string;
  readonly me: ReturnType<typeof useMe>;
}

/** One conversation: what was said, what can be done, what is known. */
export function ConversationPane({ projectId, userId, me }: PaneProps) {
  const conversation = useQuery({
    ...inboxConversationQuery(projectId, userId),
    retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status === 404),
  });
  const acts = useActs(projectId, userId);
  const { data, error } = conversation;
  if (data) return <Read projectId={projectId} conversation={data} acts={acts} me={me} />;
  return (
    <div className="min-w-0 flex-1 overflow-y-auto">
      <Back />
      {error instanceof ApiError && error.status === 404 ? (
        <NotHere userId={userId} acts={acts} answers={me.answers} />
      ) : error ? (
        <ErrorState
          className="m-4"
          title={t("Could not load the conversation.")}
          error={error}
          onRetry={() => conversation.refetch()}
        />
      ) : (
        <Loading what={t("the conversation")} className="flex flex-col gap-3 p-4">
          <Skeleton className="h-12" />
          <Skeleton className="h-16 w-2/3" />
          <Skeleton className="h-16 w-2/3 self-end" />
        </Loading>
      )}
    </div>
  );
}

interface ReadProps {
  readonly projectId: string;
  readonly conversation: InboxConversation;
  readonly acts: Acts;
  readonly me: ReturnType<typeof useMe>;
}

function Read({ projectId, conversation, acts, me }: ReadProps) {
  const { details } = route.useSearch();
  const navigate = route.useNavigate();
  const roomy = useRoomy();
  const open = details ?? roomy;
  const { entry } = conversation;
  const outgoing = useOutgoing(projectId, entry.userId);
  const show = (next: boolean) =>
    void navigate({
      search: before => ({ ...before, details: next === roomy ? undefined : next }),
      replace: true,
    });
  return (
    <SplitPane
      id="inbox-details"
      label={t("Details")}
      size={288}
      side={open ? <Details projectId={projectId} entry={entry} onClose={() => show(false)} /> : null}
      main={
        <div className="flex h-full min-h-0 flex-col">
          <Head
            projectId={projectId}
            entry={entry}
            acts={acts}
            me={me}
            details={open}
            onDetails={() => show(!open)}
            back={<Back />}
          />
          <Timeline conversation={conversation} outgoing={outgoing} />
          {me.answers && (
            <Composer projectId={projectId} entry={entry} acts={acts} me={me.id} outgoing={outgoing} />
          )}
        </div>
      }
    />
  );
}

/** The way back where the list and the conversation are steps. */
function Back() {
  return (
    <Link
      from={route.fullPath}
      to="."
      params={before => ({ ...before, conversation: undefined })}
      search={before => before}
      className={`${buttonClass("quiet", true)} lg:hidden`}
    >
      <Icon of={ArrowLeft} className="rtl:rotate-180" />
      {t("Queues")}
    </Link>
  );
}

/** The agent has it, or there is no such conversation: taking it tells. */
function NotHere({
  userId,
  acts,
  answers,
}: {
  readonly userId: string;
  readonly acts: Acts;
  readonly answers: boolean;
}) {
  return (
    <EmptyState
      icon={Bot}
      title={t("No person was asked for by %{userId}", { userId })}
      actions={
        answers && (
          <Button look="primary" busy={acts.take.isPending} onClick={() => acts.take.mutate()}>
            {t("Take conversation")}
          </Button>
        )
      }
    >
      {t("The agent has the conversation. It is silent once you take it, until you hand it back.")}
      {acts.take.error && <p className="mt-2 text-bad">{acts.take.error.message}</p>}
    </EmptyState>
  );
}

const ROOMY = "(min-width: 1280px)";

/** Whether there is room for three panes. */
function useRoomy(): boolean {
  return useSyncExternalStore(
    tell => {
      const media = matchMedia(ROOMY);
      media.addEventListener("change", tell);
      return () => media.removeEventListener("change", tell);
    },
    () => matchMedia(ROOMY).matches,
  );
}

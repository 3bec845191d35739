import { queueQuery } from "@dashboard/data/inbox";
import { Page } from "@dashboard/frame/page";
import { useFeedState } from "@dashboard/live/feed";
import { useInfiniteQuery } from "@tanstack/react-query";
import { cx } from "@ui/cx";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { MessagesSquare } from "lucide-react";
import { ConversationPane } from "./conversation-pane";
import { useMe } from "./me";
import { NoticeSettings } from "./notice-settings";
import { Queues } from "./queues";
import { route } from "./route";

/** Conversations that need a person: taken, answered, given back. */
export default function InboxPage() {
  const { projectId, conversation } = route.useParams();
  const { queue = "waiting" } = route.useSearch();
  const me = useMe();
  const listed = useInfiniteQuery(queueQuery(projectId, queue)).data?.pages[0]?.entries.length ?? 0;
  return (
    <Page
      fill
      title={t("Inbox")}
      api={`/api/v1/projects/${projectId}/inbox${conversation ? `/${conversation}` : `?queue=${queue}`}`}
      item={conversation}
      actions={<NoticeSettings />}
    >
      <Cut />
      <div className="flex min-h-0 flex-1">
        <div
          className={cx(
            "flex w-full min-w-0 shrink-0 flex-col border-line bg-surface lg:w-72 lg:border-e",
            conversation && "max-lg:hidden",
          )}
        >
          <h2 className="sr-only">{t("Queues")}</h2>
          <Queues projectId={projectId} queue={queue} opened={conversation} me={me} />
        </div>
        {conversation ? (
          <ConversationPane key={conversation} projectId={projectId} userId={conversation} me={me} />
        ) : (
          <div className="flex flex-1 items-center max-lg:hidden">
            {listed > 0 && (
              <EmptyState icon={MessagesSquare} title={t("Open a conversation to read and answer it")} />
            )}
          </div>
        )}
      </div>
    </Page>
  );
}

/** Says that nothing new has come for a while, and that it is being seen to. */
function Cut() {
  const cut = useFeedState(state => state.cut);
  return (
    <div role="status" className="shrink-0">
      {cut && (
        <p className="border-line border-b bg-warn-soft px-4 py-1 text-dense text-warn">
          {t("Reconnecting. What people write shows when the connection is back; your drafts are kept.")}
        </p>
      )}
    </div>
  );
}

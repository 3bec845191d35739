import { chordOf } from "@dashboard/commands";
import { membersQuery } from "@dashboard/data/members";
import { useMay } from "@dashboard/data/roles";
import { useQuery } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { CopyButton } from "@ui/copy-button";
import { Field, Textarea } from "@ui/field";
import { Menu, MenuItem } from "@ui/menu";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { Tabs } from "@ui/tabs";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { AtSign, X } from "lucide-react";
import { type FormEvent, useEffect, useState } from "react";
import { nameOf, type Workflow } from "../editing/flow";
import { commentsQuery, type Spot, type Thread, useSay } from "./comments-data";

export interface CommentsProps {
  readonly projectId: string;
  readonly workflow: Workflow;
  /** Where a new thread is begun. */
  readonly spot: Spot;
  readonly onShow: (thread: Thread) => void;
  readonly onClose: () => void;
}

/** What is said of a step, or of all of a workflow where none is chosen. */
export default function Comments({ projectId, workflow, spot, onShow, onClose }: CommentsProps) {
  const [status, setStatus] = useState<"open" | "resolved">("open");
  const { data, error, refetch } = useQuery(commentsQuery(projectId, workflow.id, status));
  const say = useSay(projectId);
  const edits = useMay("edit");
  const step = workflow.steps.find(each => each.id === spot.stepId);
  const place = `${projectId}/${workflow.id}/${spot.stepId ?? ""}`;
  const threads = data?.filter(each => !step || each.stepId === step.id);
  const list = (
    <div className="flex flex-col gap-3">
      {error && <ErrorState title={t("Could not load the comments.")} error={error} onRetry={refetch} />}
      {!data && !error && (
        <Loading what={t("comments")}>
          <Skeleton className="h-24" />
        </Loading>
      )}
      {threads?.length === 0 && (
        <p className="text-dense text-text-2">
          {status === "open"
            ? edits
              ? t("Nothing is open here. Begin a thread above.")
              : t("Nothing is open here.")
            : t("Nothing was resolved here.")}
        </p>
      )}
      {threads?.map(thread => (
        <ThreadCard
          key={thread.id}
          projectId={projectId}
          thread={thread}
          place={placeOf(thread, workflow)}
          onShow={() => onShow(thread)}
        />
      ))}
    </div>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of the fields in it
    <div
      className="flex flex-col gap-3 p-4"
      onKeyDown={event => chordOf(event.nativeEvent) === "escape" && !event.defaultPrevented && onClose()}
    >
      <header className="flex items-center gap-2">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead" dir="auto">
          {step ? t("Comments on %{step}", { step: nameOf(step) }) : t("Comments")}
        </h2>
        <IconButton icon={X} label={t("Close")} shortcut="m" onClick={onClose} />
      </header>
      {edits && (
        <Write
          key={place}
          draft={place}
          label={step ? t("Comment on this step") : t("Comment at this place")}
          action={t("Begin thread")}
          busy={say.isPending}
          onWrite={(text, mentions) => say.mutateAsync({ what: "begin", spot, text, mentions })}
        />
      )}
      <Tabs
        label={t("Threads")}
        value={status}
        onChange={setStatus}
        tabs={[
          { value: "open", label: t("Open"), content: list },
          { value: "resolved", label: t("Resolved"), content: list },
        ]}
      />
    </div>
  );
}

function placeOf(thread: Thread, workflow: Workflow): string {
  if (!thread.stepId) return t("A place on the canvas");
  const step = workflow.steps.find(each => each.id === thread.stepId);
  return step ? nameOf(step) : t("A step that was deleted");
}

interface ThreadCardProps {
  readonly projectId: string;
  readonly thread: Thread;
  readonly place: string;
  readonly onShow: () => void;
}

function ThreadCard({ projectId, thread, place, onShow }: ThreadCardProps) {
  const say = useSay(projectId);
  const edits = useMay("edit");
  const resolved = thread.resolvedAt !== null;
  const link = new URL(location.href);
  if (thread.stepId) link.searchParams.set("step", thread.stepId);
  return (
    <article
      aria-label={t("Thread on %{place}", { place })}
      className="flex flex-col gap-2 rounded-card border border-line p-3"
    >
      <div className="flex items-center gap-1">
        <button
          type="button"
          onClick={onShow}
          className="min-h-6 min-w-0 flex-1 truncate text-start font-medium text-accent-text text-dense"
          dir="auto"
        >
          {place}
        </button>
        <CopyButton text={link.href} what={t("Copy link")} />
        {edits && (
          <Button
            dense
            look="quiet"
            onClick={() => say.mutate({ what: "resolve", threadId: thread.id, resolved: !resolved })}
          >
            {resolved ? t("Open again") : t("Resolve")}
          </Button>
        )}
      </div>
      <ol className="flex flex-col gap-2">
        {thread.comments.map(comment => (
          <li key={comment.id} className="text-dense">
            <p className="text-caption text-text-2">
              <span className="font-medium text-text">{comment.member.name}</span>{" "}
              <Time at={comment.createdAt} />
            </p>
            <p className="whitespace-pre-wrap break-words" dir="auto">
              {comment.text}
            </p>
          </li>
        ))}
      </ol>
      {edits && !resolved && (
        <Write
          draft={thread.id}
          label={t("Reply")}
          action={t("Reply")}
          busy={say.isPending}
          onWrite={(text, mentions) =>
            say.mutateAsync({ what: "reply", threadId: thread.id, text, mentions })
          }
        />
      )}
    </article>
  );
}

/** What is written and not sent yet, by the step or the thread: kept while one looks elsewhere. */
const drafts = new Map<string, string>();

interface WriteProps {
  /** Whose draft it is. */
  readonly draft: string;
  readonly label: string;
  readonly action: string;
  readonly busy: boolean;
  readonly onWrite: (text: string, mentions: string[]) => Promise<unknown>;
}

/** A comment as it is written; "@Name" mentions a member. */
function Write({ draft, label, action, busy, onWrite }: WriteProps) {
  const [text, setText] = useState(() => drafts.get(draft) ?? "");
  useEffect(() => void drafts.set(draft, text), [draft, text]);
  const { data: members = [] } = useQuery(membersQuery);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!text.trim()) return;
    const mentions = members.filter(each => text.includes(`@${each.name}`)).map(each => each.id);
    void onWrite(text.trim(), mentions).then(
      () => {
        // Also where one has gone elsewhere meanwhile.
        drafts.delete(draft);
        setText("");
      },
      () => undefined,
    );
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-2">
      <Field label={label}>
        <Textarea
          rows={2}
          maxLength={8000}
          dir="auto"
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          onKeyDown={event => event.key === "Enter" && (event.metaKey || event.ctrlKey) && submit(event)}
        />
      </Field>
      <div className="flex justify-end gap-2">
        <Menu trigger={<IconButton dense icon={AtSign} label={t("Mention somebody")} />}>
          {members.map(each => (
            <MenuItem key={each.id} onSelect={() => setText(now => `${now}${now && " "}@${each.name} `)}>
              {each.name}
            </MenuItem>
          ))}
        </Menu>
        <Button dense type="submit" disabled={!text.trim() || busy}>
          {action}
        </Button>
      </div>
    </form>
  );
}

import { useNames } from "@dashboard/data/names";
import { useMay } from "@dashboard/data/roles";
import { type Transcript, transcriptQuery } from "@dashboard/data/turns";
import { Messages } from "@dashboard/playground/messages";
import { conversationOf } from "@dashboard/playground/told";
import { TraceList } from "@dashboard/playground/trace-list";
import { Called } from "@dashboard/work-list/list";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { CopyButton } from "@ui/copy-button";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { ErrorState, Loading, Skeleton, SkeletonRows } from "@ui/states";
import { counted, Time } from "@ui/time";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { ArrowLeft, FlaskConical, Play } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { addTest } from "./data";
import { EraseUser } from "./erase-user";
import { Outcome } from "./list";
import { Rating } from "./rating";
import { ratedTurns, saidBy } from "./ratings";
import { route } from "./route";
import { TurnActions } from "./turn-actions";

/** One conversation, with what happened in each of its turns. */
export function TranscriptView({
  projectId,
  transcriptId,
}: {
  readonly projectId: string;
  readonly transcriptId: string;
}) {
  const transcript = useQuery(transcriptQuery(projectId, transcriptId));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="px-3 pt-2">
        <Link
          from={route.fullPath}
          to="."
          params={{ projectId, transcriptId: undefined }}
          search={before => ({ ...before, turn: undefined })}
          className={buttonClass("quiet", true)}
        >
          <Icon of={ArrowLeft} className="rtl:rotate-180" />
          {t("All transcripts")}
        </Link>
      </div>
      {transcript.isPending && (
        <Loading what={t("the transcript")} className="flex min-h-0 flex-1 flex-col">
          <div className="p-3">
            <Skeleton className="h-10 w-1/3" />
          </div>
          <div className="grid min-h-0 flex-1 grid-cols-1 border-line border-t lg:grid-cols-2">
            <div className="flex flex-col gap-3 bg-surface p-4">
              <Skeleton className="h-10 w-3/5" />
              <Skeleton className="h-10 w-2/5 self-end" />
              <Skeleton className="h-16 w-3/5" />
            </div>
            <div className="flex flex-col gap-2 border-line p-4 max-lg:border-t lg:border-s">
              <Skeleton className="h-8 w-1/3" />
              <SkeletonRows className="h-7" />
            </div>
          </div>
        </Loading>
      )}
      {transcript.isError && (
        <ErrorState
          className="m-4"
          title={t("Could not load the transcript.")}
          error={transcript.error}
          onRetry={() => transcript.refetch()}
        />
      )}
      {transcript.data && <Read projectId={projectId} transcript={transcript.data} />}
    </div>
  );
}

function Read({ projectId, transcript }: { readonly projectId: string; readonly transcript: Transcript }) {
  const go = useNavigate();
  // Prompts and code are the project's.
  const reads = useMay("read");
  const { conversation, said, rated } = useMemo(() => {
    const shown = conversationOf(transcript);
    const found = saidBy(shown.items, transcript.messages);
    return { conversation: shown, said: found, rated: ratedTurns(shown.items, found) };
  }, [transcript]);
  return (
    <>
      <Head projectId={projectId} transcript={transcript} />
      <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto border-line border-t lg:grid-cols-2 lg:overflow-hidden">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
        <section tabIndex={0} aria-label={t("Conversation")} className="bg-surface p-4 lg:overflow-y-auto">
          <Messages
            conversation={conversation}
            user={t("Visitor:")}
            below={({ id }) => {
              const message = said.get(id);
              return message && <Rating of={message} />;
            }}
          />
        </section>
        <section
          aria-label={t("Trace")}
          className="flex flex-col border-line max-lg:border-t lg:overflow-y-auto lg:border-s"
        >
          {conversation.turns.length === 0 ? (
            <p className="p-4 text-dense text-text-2">{t("No traces of this conversation are kept.")}</p>
          ) : (
            <Turns ids={conversation.turns.map(turn => turn.id)}>
              <TraceList
                turns={conversation.turns}
                whose={reads ? { projectId, userId: transcript.userId } : undefined}
                actions={(turn, number) => (
                  <TurnActions
                    projectId={projectId}
                    transcript={transcript}
                    turn={turn}
                    number={number}
                    rated={rated.has(turn)}
                  />
                )}
                onStep={(workflow, step) =>
                  go({
                    to: "/p/$projectId/build/{-$workflow}",
                    params: { projectId, workflow },
                    search: { step },
                  })
                }
              />
            </Turns>
          )}
        </section>
      </div>
    </>
  );
}

function Head({ projectId, transcript }: { readonly projectId: string; readonly transcript: Transcript }) {
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const go = useNavigate();
  const { userId } = transcript;
  const name = useNames(
    projectId,
    useMemo(() => [userId], [userId]),
  ).get(userId);
  const add = useMutation({
    mutationFn: () => addTest(projectId, transcript.id),
    onSuccess: test => {
      toast(t("Test added"), {
        description: t("It is called %{value}, and publishing shows how it goes.", {
          value: test.name || test.id,
        }),
        action: {
          label: t("Open test"),
          onPress: () =>
            go({ to: "/p/$projectId/test", params: { projectId }, search: { view: "tests", item: test.id } }),
        },
      });
      return queryClient.invalidateQueries({ queryKey: ["project", projectId] });
    },
  });
  return (
    <header className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 pt-1 pb-3">
      <div className="min-w-40 flex-1">
        <h2 dir="auto" title={transcript.userId} className="truncate font-semibold text-lead">
          <Called id={userId} name={name} />
        </h2>
        <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-dense text-text-2">
          <Time at={transcript.startedAt} />
          <span>
            {transcript.platform} · {counted(transcript.messageCount, "message")}
          </span>
          {(transcript.resolved || transcript.escalated) && <Outcome of={transcript} />}
        </p>
      </div>
      <div className="flex flex-wrap gap-2">
        {edits && (
          <Button icon={FlaskConical} busy={add.isPending} onClick={() => add.mutate()}>
            {t("Add to tests")}
          </Button>
        )}
        <CopyButton text={location.href} label={t("Copy link")} />
        {edits && (
          <Link to="/p/$projectId/test" params={{ projectId }} className={buttonClass()}>
            <Icon of={Play} />
            {t("Open in test")}
          </Link>
        )}
        {edits && <EraseUser projectId={projectId} userId={transcript.userId} />}
      </div>
    </header>
  );
}

const ALL = "all";

/** The turn that the address names is scrolled to. */
function Turns({ ids, children }: { readonly ids: readonly string[]; readonly children: React.ReactNode }) {
  const { turn } = route.useSearch();
  const navigate = route.useNavigate();
  const list = useRef<HTMLDivElement>(null);
  const index = turn ? ids.indexOf(turn) : -1;
  useEffect(() => {
    if (index >= 0) list.current?.querySelectorAll("section")[index]?.scrollIntoView({ block: "start" });
  }, [index]);
  return (
    <>
      <div className="px-3 pt-3">
        <Select
          dense
          label={t("Go to turn")}
          className="max-w-32"
          value={index >= 0 ? (turn ?? ALL) : ALL}
          onChange={next =>
            navigate({
              search: before => ({ ...before, turn: next === ALL ? undefined : next }),
              replace: true,
            })
          }
          options={[
            { value: ALL, label: t("All turns") },
            ...ids.map((value, at) => ({ value, label: t("Turn %{value}", { value: at + 1 }) })),
          ]}
        />
      </div>
      <div ref={list}>{children}</div>
    </>
  );
}

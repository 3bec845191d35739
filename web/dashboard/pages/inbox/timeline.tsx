import type { InboxConversation } from "@dashboard/data/inbox";
import { Markdown } from "@dashboard/playground/markdown";
import { BUBBLE } from "@dashboard/playground/messages";
import { SentFile } from "@dashboard/playground/sent-file";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { ArrowDown, Lock } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useDraft } from "./drafts";
import { type Outgoing, retry, takeBack } from "./outbox";
import { type Said, timelineOf } from "./saying";

interface TimelineProps {
  readonly conversation: InboxConversation;
  readonly outgoing: readonly Outgoing[];
}

const NEAR = 48;

/** Where what was said is read. */
export const READING = "conversation";

/** What was said and noted, and what is on its way; it stays at its end if the reader is there. */
export function Timeline({ conversation, outgoing }: TimelineProps) {
  const said = timelineOf(conversation);
  const scroller = useRef<HTMLElement>(null);
  const following = useRef(true);
  const [behind, setBehind] = useState(false);
  const toEnd = () => scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  const count = said.length + outgoing.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is said
  useEffect(() => {
    if (following.current) toEnd();
    else setBehind(true);
  }, [count]);
  const last = said.at(-1);
  return (
    <div className="relative min-h-0 flex-1">
      <section
        ref={scroller}
        id={READING}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
        tabIndex={0}
        aria-label={t("Conversation")}
        className="h-full overflow-y-auto p-4 focus-visible:-outline-offset-2"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          following.current = scrollHeight - scrollTop - clientHeight < NEAR;
          if (following.current) setBehind(false);
        }}
      >
        <ol className="flex flex-col gap-2">
          {said.map(each => (
            <Line key={each.key} said={each} user={conversation.entry.userId} />
          ))}
          {outgoing.map(each => (
            <OnItsWay key={each.id} outgoing={each} />
          ))}
        </ol>
      </section>
      <p role="status" className="sr-only">
        {last?.kind === "user" &&
          t("%{userId} wrote: %{content}", { userId: conversation.entry.userId, content: last.text })}
        {last?.kind === "file" &&
          t("%{userId} sent: %{name}", { userId: conversation.entry.userId, name: last.text })}
      </p>
      {behind && (
        <Button
          dense
          icon={ArrowDown}
          className="absolute inset-x-0 bottom-2 mx-auto w-fit shadow-popover"
          onClick={toEnd}
        >
          {t("New messages")}
        </Button>
      )}
    </div>
  );
}

function Line({ said, user }: { readonly said: Said; readonly user: string }) {
  switch (said.kind) {
    case "mark":
      return <li className="self-center text-center text-caption text-text-3">{said.text}</li>;
    case "note":
      return <Note by={said.by} text={said.text} foot={<Time at={said.at} />} />;
    case "user":
      return (
        <li dir="auto" className={cx(BUBBLE, "whitespace-pre-wrap border border-line bg-surface")}>
          <span className="sr-only">{user}: </span>
          {said.text}
          <Foot>
            <Time at={said.at} />
          </Foot>
        </li>
      );
    case "file":
      return (
        <li className={cx(BUBBLE, "border border-line bg-surface")}>
          <span className="sr-only">{user}: </span>
          <SentFile {...said} />
          <Foot>
            <Time at={said.at} />
          </Foot>
        </li>
      );
    case "agent":
      return (
        <li dir="auto" className={cx(BUBBLE, "self-end bg-sunken")}>
          <Markdown text={said.text} />
          <Foot>
            {t("Agent ·")} <Time at={said.at} />
          </Foot>
        </li>
      );
    case "person":
      return (
        <li dir="auto" className={cx(BUBBLE, "self-end bg-accent-soft")}>
          <Markdown text={said.text} />
          <Foot>
            {t("Person ·")} <Time at={said.at} />
          </Foot>
        </li>
      );
  }
}

function Note({ by, text, foot }: { readonly by: string; readonly text: string; readonly foot: ReactNode }) {
  return (
    <li
      dir="auto"
      className={cx(BUBBLE, "self-end whitespace-pre-wrap border border-warn border-dashed bg-warn-soft")}
    >
      <span className="flex items-center gap-1 font-medium text-caption text-warn">
        <Icon of={Lock} className="size-3" />
        {t("Private note")}
        {by && t(" by %{by}", { by })}
      </span>
      {text}
      <Foot>{foot}</Foot>
    </li>
  );
}

function Foot({ children }: { readonly children: ReactNode }) {
  return <span className="mt-1 block text-caption text-text-2">{children}</span>;
}

/** Words that have not arrived: whether they still can be taken back, and what to do where they failed. */
function OnItsWay({ outgoing }: { readonly outgoing: Outgoing }) {
  const client = useQueryClient();
  const { projectId, userId, kind, text, attachments, state, error } = outgoing;
  const draft = useDraft(projectId, userId, kind);
  const foot =
    state === "failed" ? (
      <span role="alert" className="flex flex-wrap items-center gap-2 text-bad">
        {t("Not sent: %{error}", { error })}
        <Button dense onClick={() => retry(client, outgoing)}>
          {t("Try again")}
        </Button>
        <Button dense look="quiet" onClick={() => takeBack(outgoing, draft)}>
          {t("Edit")}
        </Button>
      </span>
    ) : state === "sending" ? (
      t("Sending")
    ) : (
      t("Not sent yet")
    );
  if (kind === "note") return <Note by="" text={text} foot={foot} />;
  return (
    <li dir="auto" className={cx(BUBBLE, "self-end whitespace-pre-wrap bg-accent-soft")}>
      {[text, ...attachments.map(each => each.name)].filter(Boolean).join("\n")}
      <Foot>{foot}</Foot>
    </li>
  );
}

import { useCommands } from "@dashboard/commands";
import type { Entry } from "@dashboard/data/inbox";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { Kbd } from "@ui/kbd";
import { t } from "@ui/words";
import { Lock, Reply, Undo2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Acts } from "./acts";
import { AttachButton, AttachedList, detach, useAttached } from "./attachments";
import { type Kind, setDraft, useDraft } from "./drafts";
import { HELD_MS, type Outgoing, post, takeBack } from "./outbox";
import { optionId, SavedList, useSaved } from "./saved";
import { SavedReplies } from "./saved-replies";
import { READING } from "./timeline";

const LONGEST = 8000;

interface ComposerProps {
  readonly projectId: string;
  readonly entry: Entry;
  readonly acts: Acts;
  readonly me: string | null;
  readonly outgoing: readonly Outgoing[];
}

/** Where people write: to the user, or to each other. */
export function Composer({ projectId, entry, acts, me, outgoing }: ComposerProps) {
  const client = useQueryClient();
  const { userId } = entry;
  const [kind, setKind] = useState<Kind>("reply");
  const text = useDraft(projectId, userId, kind);
  const attached = useAttached(projectId, userId);
  const files = kind === "reply" ? attached : [];
  const area = useRef<HTMLTextAreaElement>(null);
  const list = useId();
  const saved = useSaved(projectId, kind === "reply" ? text : "", said => write(said));
  const mine = entry.status === "taken" && entry.member?.id === me;
  const may = kind === "note" || mine || entry.status === "waiting";
  const held = outgoing.findLast(each => each.state === "held");

  const write = (next: string) => {
    setDraft(projectId, userId, kind, next);
    // Whoever begins to answer has the conversation, before anybody else begins.
    if (kind === "reply" && next && entry.status === "waiting" && acts.take.isIdle) acts.take.mutate();
  };
  const go = (next: Kind) => {
    setKind(next);
    // After what the key has typed elsewhere.
    requestAnimationFrame(() => area.current?.focus());
  };
  const send = () => {
    const said = text.trim();
    if ((!said && files.length === 0) || !may || said.length > LONGEST) return;
    post(client, projectId, userId, kind, said, files);
    if (kind === "reply") detach(projectId, userId);
    setDraft(projectId, userId, kind, "");
    area.current?.focus();
  };
  const undo = () => {
    if (!held) return;
    setKind(held.kind);
    takeBack(held, text);
    area.current?.focus();
  };
  useCommands([
    { id: "inbox-reply", label: t("Write a reply"), group: t("Inbox"), keys: "r", run: () => go("reply") },
    {
      id: "inbox-note",
      label: t("Write a private note"),
      group: t("Inbox"),
      keys: "n",
      run: () => go("note"),
    },
    { id: "inbox-send", label: t("Send"), group: t("Inbox"), keys: "mod+enter", run: send },
  ]);
  const press = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (saved.press(event)) return;
    // Back to what is read, where single keys act again.
    if (event.key === "Escape") document.getElementById(READING)?.focus();
    else if (event.key.toLowerCase() === "z" && (event.metaKey || event.ctrlKey) && !text && held) {
      event.preventDefault();
      undo();
    }
  };
  const note = kind === "note";
  return (
    <div
      data-composer
      className={cx("relative shrink-0 border-line border-t p-3", note ? "bg-warn-soft" : "bg-surface")}
    >
      <Standing entry={entry} acts={acts} me={me} hasDraft={text !== ""} />
      <div className="mb-2 flex items-center gap-1">
        <Button
          dense
          look="quiet"
          icon={Reply}
          aria-pressed={!note}
          className={note ? undefined : "bg-hover! text-text!"}
          onClick={() => go("reply")}
        >
          {t("Reply")}
        </Button>
        <Button
          dense
          look="quiet"
          icon={Lock}
          aria-pressed={note}
          className={note ? "text-warn!" : undefined}
          onClick={() => go("note")}
        >
          {t("Private note")}
        </Button>
        {!note && <SavedReplies projectId={projectId} draft={text} onUse={write} />}
        {!note && <AttachButton projectId={projectId} userId={userId} />}
      </div>
      {saved.open && <SavedList id={list} saved={saved} />}
      <textarea
        ref={area}
        aria-label={note ? t("Private note") : t("Reply")}
        placeholder={
          note
            ? t("Only people who answer see this")
            : t("Write to %{value}, or / for a saved reply", { value: userId.length > 40 ? "them" : userId })
        }
        aria-controls={saved.open ? list : undefined}
        aria-activedescendant={saved.open ? optionId(list, saved.at) : undefined}
        aria-autocomplete={note ? undefined : "list"}
        dir="auto"
        rows={2}
        maxLength={LONGEST}
        value={text}
        onChange={event => write(event.currentTarget.value)}
        onKeyDown={press}
        className={cx(
          CONTROL,
          "field-sizing-content max-h-40 min-h-14 resize-none px-2.5 py-1.5",
          note && "border-warn bg-warn-soft",
        )}
      />
      {!note && <AttachedList projectId={projectId} userId={userId} />}
      <div className="mt-2 flex min-h-7 items-center gap-2">
        <div role="status" className="min-w-0 flex-1 text-caption text-text-2">
          {held ? (
            <Held key={held.id} onUndo={undo} />
          ) : note ? (
            t("The user and the agent never see notes.")
          ) : null}
        </div>
        <Kbd keys="mod+enter" />
        <Button dense look="primary" disabled={!may || !(text.trim() || files.length > 0)} onClick={send}>
          {note ? t("Add note") : t("Send reply")}
        </Button>
      </div>
    </div>
  );
}

/** Who has it, where that keeps one from answering; and that somebody was quicker. */
function Standing({
  entry,
  acts,
  me,
  hasDraft,
}: {
  readonly entry: Entry;
  readonly acts: Acts;
  readonly me: string | null;
  readonly hasDraft: boolean;
}) {
  const { status, member } = entry;
  const others = status === "taken" && member?.id !== me;
  if (others) {
    const name = member?.name ?? t("Somebody");
    return (
      <div role="status" className="mb-2 flex flex-wrap items-center gap-2 text-dense text-text-2">
        <p className="min-w-0 flex-1">
          {acts.take.isError
            ? t("%{name} was quicker and is answering.", { name })
            : t("%{name} is answering.", { name })}{" "}
          {hasDraft && t("What you wrote stays here.")}
        </p>
        <Button dense disabled={me === null} onClick={() => me && acts.assign.mutate(me)}>
          {t("Take over from %{name}", { name })}
        </Button>
      </div>
    );
  }
  if (status === "returned" || status === "resolved") {
    return (
      <p className="mb-2 text-dense text-text-2">
        {t("The agent answers here. Take the conversation to reply.")}
      </p>
    );
  }
  if (acts.take.isError) {
    return (
      <p role="alert" className="mb-2 text-bad text-dense">
        {acts.take.error.message}
      </p>
    );
  }
  return null;
}

/** How long what was sent can be taken back. */
function Held({ onUndo }: { readonly onUndo: () => void }) {
  const [left, setLeft] = useState(HELD_MS / 1000);
  useEffect(() => {
    const timer = setInterval(() => setLeft(before => Math.max(1, before - 1)), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span className="flex items-center gap-2">
      <span>
        <span className="sr-only">{t("Sending soon")}</span>
        <span aria-hidden="true">{t("Sending in %{left} s", { left })}</span>
      </span>
      <Button dense icon={Undo2} onClick={onUndo}>
        {t("Undo")}
      </Button>
    </span>
  );
}

import { lazyPart } from "@dashboard/lazy-part";
import { useWritten } from "@dashboard/written";
import { Button, IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { RefreshCw, Send, Square } from "lucide-react";
import { type FormEvent, type KeyboardEvent, Suspense, useEffect, useRef, useState } from "react";
import { Chips } from "./chips";
import { composerOf } from "./kept";
import { useLenses, WEB } from "./lenses";
import { Messages, ReadyAnswers } from "./messages";
import { EditSaid, SaidActions } from "./said-actions";
import type { Taken, Talk } from "./use-conversation";

const Lens = lazyPart(() => import("./lens"));

export interface ChatProps {
  readonly projectId: string;
  readonly versionId: string;
  readonly talk: Talk;
}

/** What is said, as the widget or another channel shows it, and what is said next. */
export function Chat({ projectId, versionId, talk }: ChatProps) {
  const { conversation, busy, broken, error, send, restart, stop, taken, again } = talk;
  const [text, setText] = useWritten(composerOf(projectId), "");
  const [editing, setEditing] = useState<Taken>();
  const [channel, setChannel] = useState(WEB);
  const lenses = useLenses();
  const end = useRef<HTMLDivElement>(null);
  const count = conversation.items.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is said
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [count, conversation.typing, conversation.buttons]);
  const say = (words: string) => {
    if (!words) return;
    setText("");
    send({ type: "text", payload: words }, words);
  };
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    say(text.trim());
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  const last = taken.at(-1);
  const takenBy = (id: string) => taken.find(each => each.said?.id === id);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex items-center gap-1 border-line border-b px-3 py-1">
        <Select
          dense
          label={t("Channel")}
          className="max-w-36"
          options={lenses}
          value={channel}
          onChange={setChannel}
        />
        <span className="flex-1" />
        <IconButton
          dense
          icon={RefreshCw}
          label={t("Retry last turn")}
          disabled={busy || !last}
          onClick={() => last && again(last)}
        />
      </div>
      <section aria-label={t("Conversation")} className="min-h-0 flex-1 overflow-y-auto p-3">
        {count === 0 && !busy && !talk.begun && (
          <div className="flex flex-col items-center gap-3 py-8 text-center">
            <p className="text-body text-text-2">
              {versionId === "development"
                ? t("Talk to the draft as your users would. Nothing here counts in analytics.")
                : t("Talk to this version as your users would.")}
            </p>
            <Button look="primary" onClick={() => restart()}>
              {t("Start conversation")}
            </Button>
          </div>
        )}
        {channel === WEB ? (
          <Messages
            conversation={conversation}
            replaced={id =>
              editing?.said?.id === id ? (
                <EditSaid
                  text={editing.said.text}
                  onCancel={() => setEditing(undefined)}
                  onSay={words => {
                    setEditing(undefined);
                    again(editing, words);
                  }}
                />
              ) : undefined
            }
            actions={id => {
              const turn = takenBy(id);
              return (
                turn && (
                  <SaidActions
                    projectId={projectId}
                    versionId={versionId}
                    turn={turn}
                    busy={busy}
                    onEdit={() => setEditing(turn)}
                    onRetry={() => again(turn)}
                  />
                )
              );
            }}
          />
        ) : (
          <Suspense>
            <Lens projectId={projectId} channel={channel} conversation={conversation} />
          </Suspense>
        )}
        <div className="mt-2">
          <ReadyAnswers
            conversation={conversation}
            onPress={button =>
              send({ type: "button", payload: { label: button.label, value: button.value } }, button.label)
            }
          />
        </div>
        <div ref={end} />
      </section>
      <p role="status" className="px-3 text-caption text-text-2">
        {error ? (
          <span className="text-bad">{error.message}</span>
        ) : broken ? (
          t("Connection lost. It goes on by itself.")
        ) : (
          ""
        )}
      </p>
      {!busy && !text && talk.begun && (
        <Chips projectId={projectId} conversation={conversation} onSay={say} />
      )}
      <form data-composer onSubmit={submit} className="flex items-end gap-2 border-line border-t p-3">
        <textarea
          aria-label={t("Message")}
          placeholder={t("Write a message")}
          dir="auto"
          rows={1}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          onKeyDown={press}
          className={cx(CONTROL, "field-sizing-content max-h-32 min-h-8 resize-none px-2.5 py-1.5")}
        />
        {busy ? (
          <IconButton icon={Square} label={t("Stop")} onClick={stop} />
        ) : (
          <IconButton icon={Send} label={t("Send")} type="submit" />
        )}
      </form>
    </div>
  );
}

import { Button, IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { Tabs } from "@ui/tabs";
import { counted } from "@ui/time";
import { RotateCcw, Send, Square, X } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react";
import { Messages, ReadyAnswers } from "./messages";
import { useMocks } from "./mocks";
import { TraceList } from "./trace-list";
import type { Talk } from "./use-conversation";
import { Variables } from "./variables";

export interface PlaygroundProps {
  readonly projectId: string;
  readonly talk: Talk;
  readonly onStep?: (workflowId: string, stepId: string) => void;
  readonly onClose?: () => void;
  /** Conversation, trace and variables beside each other. */
  readonly wide?: boolean;
  /** What stands in the field to begin with. */
  readonly draft?: string;
}

type View = "talk" | "trace" | "variables";

/** Talks to the draft: what is said, what happened, what the variables are. */
export function Playground({ projectId, talk, onStep, onClose, wide, draft }: PlaygroundProps) {
  const [view, setView] = useState<View>("talk");
  const mocked = Object.keys(useMocks(projectId)).length;
  const chat = <Chat talk={talk} draft={draft} />;
  const trace = <TraceList turns={talk.conversation.turns} onStep={onStep} />;
  const variables = <Variables projectId={projectId} talk={talk} />;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex items-center gap-1 border-line border-b px-3 py-2">
        <h2 className="flex-1 font-semibold text-lead">
          Test{" "}
          {mocked > 0 && (
            <span className="font-normal text-dense text-text-2">{`${counted(mocked, "step")} mocked`}</span>
          )}
        </h2>
        <IconButton icon={RotateCcw} label="Restart" onClick={() => talk.restart()} />
        {onClose && <IconButton icon={X} label="Close" shortcut="mod+j" onClick={onClose} />}
      </header>
      {wide ? (
        <div className="grid min-h-0 flex-1 grid-cols-1 overflow-y-auto lg:grid-cols-[1fr_1.2fr_0.8fr] lg:overflow-hidden">
          <div className="min-h-96 overflow-hidden">{chat}</div>
          <section aria-label="Trace" className="overflow-y-auto border-line lg:border-s">
            {trace}
          </section>
          <section aria-label="Variables" className="overflow-y-auto border-line lg:border-s">
            {variables}
          </section>
        </div>
      ) : (
        <div className="flex min-h-0 flex-1 flex-col px-3">
          <Tabs
            label="Test"
            value={view}
            onChange={setView}
            tabs={[
              {
                value: "talk",
                label: "Conversation",
                content: <div className="-mx-3 -mt-4 h-full">{chat}</div>,
              },
              {
                value: "trace",
                label: "Trace",
                content: <div className="-mx-3 -mt-4 h-full overflow-y-auto">{trace}</div>,
              },
              {
                value: "variables",
                label: "Variables",
                content: <div className="-mx-3 -mt-4 h-full overflow-y-auto">{variables}</div>,
              },
            ]}
          />
        </div>
      )}
    </div>
  );
}

function Chat({ talk, draft = "" }: { readonly talk: Talk; readonly draft?: string }) {
  const { conversation, busy, broken, error, send, restart, stop } = talk;
  const [text, setText] = useState(draft);
  const end = useRef<HTMLDivElement>(null);
  const count = conversation.items.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: it follows what is said
  useEffect(() => {
    end.current?.scrollIntoView({ block: "nearest" });
  }, [count, conversation.typing, conversation.buttons]);
  const say = (event?: FormEvent) => {
    event?.preventDefault();
    const said = text.trim();
    if (!said) return;
    setText("");
    send({ type: "text", payload: said }, said);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === "Enter" && !event.shiftKey && !event.nativeEvent.isComposing) {
      event.preventDefault();
      say();
    }
  };
  return (
    <div className="flex h-full min-h-0 flex-col">
      <section aria-label="Conversation" className="min-h-0 flex-1 overflow-y-auto p-3">
        {count === 0 && !busy && !talk.begun && (
          <div className="flex flex-col items-center gap-3 py-8 text-center">
            <p className="text-body text-text-2">
              Talk to the draft as your users would. Nothing here counts in analytics.
            </p>
            <Button look="primary" onClick={() => restart()}>
              Start conversation
            </Button>
          </div>
        )}
        <Messages conversation={conversation} />
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
          "Connection lost. It goes on by itself."
        ) : (
          ""
        )}
      </p>
      <form onSubmit={say} className="flex items-end gap-2 border-line border-t p-3">
        <textarea
          aria-label="Message"
          placeholder="Write a message"
          dir="auto"
          rows={1}
          value={text}
          onChange={event => setText(event.currentTarget.value)}
          onKeyDown={press}
          className={cx(CONTROL, "field-sizing-content max-h-32 min-h-8 resize-none px-2.5 py-1.5")}
        />
        {busy ? (
          <IconButton icon={Square} label="Stop" onClick={stop} />
        ) : (
          <IconButton icon={Send} label="Send" type="submit" />
        )}
      </form>
    </div>
  );
}

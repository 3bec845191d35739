import type { Item, Source } from "@client/traces";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Composer } from "./composer";
import { Icon } from "./icon";
import { Message } from "./messages";
import type { Server } from "./server";
import { NOT_HERE, UNREACHABLE } from "./server";
import { useSpoken } from "./spoken";
import type { Problem, Talk } from "./talk";
import type { Visitor } from "./visitor";
import type { Language, Words } from "./words";

export interface Props {
  readonly talk: Talk;
  readonly server: Server;
  readonly visitor: Visitor;
  readonly language: Language;
  readonly title: string;
  readonly mode: string;
  readonly modal: boolean;
  readonly open: boolean;
  readonly onClose: () => void;
}

interface Cited {
  readonly Card: typeof import("./sources").SourcesCard;
  readonly sources: readonly Source[];
  readonly at: number | undefined;
  readonly from: HTMLElement;
}

/** The panel, drawn anew at most once a frame, whatever happens in between. */
export function Root({ talk, props }: { readonly talk: Talk; readonly props: () => Props }) {
  useRender(talk);
  return <App {...props()} />;
}

function useRender(talk: Talk): void {
  const [, render] = useState(0);
  useEffect(() => {
    let asked = false;
    const draw = () => {
      asked = false;
      render(now => now + 1);
    };
    talk.onChange = () => {
      if (asked) return;
      asked = true;
      // A page that nobody looks at draws no frames.
      if (document.hidden) setTimeout(draw, 200);
      else requestAnimationFrame(draw);
    };
    draw();
  }, [talk]);
}

/** The panel: what was said, and where to write. */
function App(props: Props) {
  const { talk, language, title, mode, modal, open, onClose } = props;
  const { words } = language;
  const { status } = talk;
  const bubble = mode === "bubble";
  const [cited, setCited] = useState<Cited>();
  const [over, setOver] = useState(false);
  const [dropped, setDropped] = useState<readonly File[]>([]);
  const spoken = useSpoken(talk, open, words);
  const onSources = useCallback(
    async (sources: readonly Source[], at: number | undefined, from: HTMLElement) => {
      // Loaded by who asks.
      const { SourcesCard: Card } = await import("./sources");
      setCited({ Card, sources, at, from });
    },
    [],
  );
  const closeCited = () => {
    cited?.from.focus();
    setCited(undefined);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a dialog or a region, by its mode
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: as above
    <div
      class={`panel ${mode} ${over ? "over" : ""}`}
      part="panel"
      hidden={!open}
      role={bubble ? "dialog" : "region"}
      aria-modal={modal ? "true" : undefined}
      aria-label={title}
      lang={language.code}
      dir={language.dir}
      onKeyDown={event => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        if (cited) closeCited();
        else if (bubble) onClose();
      }}
      onDragOver={event => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={event => {
        event.preventDefault();
        setOver(false);
        setDropped([...(event.dataTransfer?.files ?? [])]);
      }}
    >
      <div class="header" part="header">
        <h2 dir="auto">{title}</h2>
        {status.person && <span class="with">{status.person}</span>}
        {bubble && (
          <button type="button" class="quiet always" aria-label={words("close")} onClick={onClose}>
            <Icon of="close" />
          </button>
        )}
      </div>
      <Log {...props} onSources={onSources} />
      {cited && <cited.Card {...cited} words={words} onClose={closeCited} />}
      {status.problem && (
        <Trouble
          problem={status.problem}
          words={words}
          onRetry={() => void talk.begin()}
          ready={status.ready}
        />
      )}
      {(status.broken || status.wait > 0) && (
        <p class="strip">{status.wait > 0 ? words("wait", { count: status.wait }) : words("reconnecting")}</p>
      )}
      {over && <p class="strip">{words("drop")}</p>}
      <Composer {...props} words={words} busy={status.busy} dropped={dropped} />
      <div role="status" class="only-read">
        {spoken}
      </div>
    </div>
  );
}

/** Far enough from the end to be reading something else. */
const AWAY = 80;

function Log(
  props: Props & {
    onSources: (sources: readonly Source[], at: number | undefined, from: HTMLElement) => void;
  },
) {
  const { talk, language, onSources, open } = props;
  const { words, code } = language;
  const { items, buttons } = talk.conversation;
  const { hidden } = talk.status;
  const typing = talk.conversation.typing && !hidden;
  const log = useRef<HTMLDivElement>(null);
  const [away, setAway] = useState(false);
  const follows = useRef(true);
  const toEnd = () => {
    const { current } = log;
    if (!current) return;
    const list = current.querySelectorAll<HTMLElement>("ol > li");
    const last = list[list.length - 1];
    // The beginning of a long answer stays in sight.
    const begin = last ? last.offsetTop - current.offsetTop - 12 : 0;
    const end = current.scrollHeight - current.clientHeight;
    current.scrollTop = last && last.offsetHeight > current.clientHeight ? Math.min(begin, end) : end;
  };
  const mine = items.findLastIndex(item => item.kind === "user");
  // biome-ignore lint/correctness/useExhaustiveDependencies: what was just said is looked at
  useLayoutEffect(() => {
    follows.current = true;
  }, [mine]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whatever was added is looked at, or told of
  useLayoutEffect(() => {
    if (follows.current) toEnd();
    else setAway(true);
  }, [items, buttons, typing, hidden, open]);
  return (
    <div class="middle">
      <div
        class="log"
        ref={log}
        role="log"
        aria-live="off"
        aria-label={words("conversation")}
        tabIndex={0}
        onScroll={event => {
          const { scrollHeight, scrollTop, clientHeight } = event.currentTarget;
          const near = scrollHeight - scrollTop - clientHeight < AWAY;
          follows.current = near;
          if (near) setAway(false);
        }}
      >
        <ol>
          {items.map((item, index) => (
            <Message
              key={item.id}
              item={item}
              last={isLast(items, index)}
              talk={talk}
              words={words}
              language={code}
              onSources={onSources}
            />
          ))}
          {typing && (
            <li class="theirs typing" aria-hidden="true">
              <i />
              <i />
              <i />
            </li>
          )}
          {hidden && (
            <li class="notice">
              <button
                type="button"
                class="plain"
                onClick={() => {
                  log.current?.focus();
                  talk.readOn();
                }}
              >
                {words("rest")}
              </button>
            </li>
          )}
        </ol>
        {buttons.length > 0 && (
          <div class="answers" role="group" aria-label={words("write")}>
            {buttons.map(button => (
              <button
                key={button.id}
                type="button"
                class="answer"
                dir="auto"
                onClick={() => {
                  log.current?.focus();
                  talk.send(
                    { type: "button", payload: { label: button.label, value: button.value } },
                    button.label,
                  );
                }}
              >
                {button.label}
              </button>
            ))}
          </div>
        )}
      </div>
      {away && (
        <button
          type="button"
          class="newer"
          onClick={() => {
            log.current?.scrollTo({ top: log.current.scrollHeight });
            log.current?.focus();
            setAway(false);
          }}
        >
          {words("newer")} <Icon of="newer" />
        </button>
      )}
    </div>
  );
}

/** Whether no other of its kind, and nothing of the user's, follows: what was said last in its turn. */
function isLast(items: readonly Item[], index: number): boolean {
  for (let next = index + 1; next < items.length; next++) {
    const { kind } = items[next] as Item;
    if (kind === "user") return items[index]?.kind === "text";
    if (kind === "text" || kind === "handoff" || kind === "approval") return false;
  }
  return true;
}

function Trouble(props: { problem: Problem; words: Words; ready: boolean; onRetry: () => void }) {
  const { words, problem } = props;
  const { code, message } = problem;
  const told =
    code === NOT_HERE
      ? words("not-here", { origin: location.origin })
      : code === UNREACHABLE
        ? words("unreachable")
        : props.ready
          ? message
          : words("refused", { reason: message });
  return (
    <p class="strip bad">
      {told}{" "}
      {!props.ready && (
        <button type="button" class="plain" onClick={props.onRetry}>
          {words("try-again")}
        </button>
      )}
    </p>
  );
}

import type { Card, Item, Source } from "@client/traces";
import { useRef, useState } from "preact/hooks";
import { Icon } from "./icon";
import { Markdown } from "./markdown";
import { handedOver } from "./spoken";
import type { Talk } from "./talk";
import type { Words } from "./words";

export interface Shows {
  readonly talk: Talk;
  readonly words: Words;
  readonly language: string;
  /** Opens what an answer stands on. */
  readonly onSources: (sources: readonly Source[], at: number | undefined, from: HTMLElement) => void;
}

type Of<Kind extends Item["kind"]> = Item & { kind: Kind };

/** One thing in the list. */
export function Message({ item, last, ...shows }: Shows & { readonly item: Item; readonly last: boolean }) {
  const { words } = shows;
  switch (item.kind) {
    case "user":
      return <Mine item={item} {...shows} />;
    case "text":
      return <Theirs item={item} last={last} {...shows} />;
    case "media":
      return (
        <li class="theirs" part="message-assistant">
          <Media item={item} words={words} />
        </li>
      );
    case "cards":
      return <Cards cards={item.cards} {...shows} />;
    case "badge":
      return <li class={`badge ${item.tone ?? "info"}`}>{item.text}</li>;
    case "approval":
      return <Approval item={item} last={last} {...shows} />;
    case "handoff":
      return <Handoff item={item} last={last} {...shows} />;
    case "error":
      return <li class="notice bad">{words("failed")}</li>;
    case "end":
      return <li class="notice">{words("ended")}</li>;
  }
}

function Mine({ item, words, talk, language }: Shows & { readonly item: Of<"user"> }) {
  return (
    <li class="mine" part="message-user" title={at(item.time, language)}>
      <span class="only-read">{words("you")}: </span>
      <span class="said" dir="auto">
        {item.file?.mimeType.startsWith("image/") ? (
          <img src={item.file.url} alt={item.text || words("file")} loading="lazy" />
        ) : (
          item.text || words("file")
        )}
      </span>
      {item.failed && (
        <span class="failed">
          {words("not-sent")}{" "}
          <button type="button" class="plain" onClick={() => talk.retry(item.id)}>
            {words("retry")}
          </button>
          {" · "}
          <button type="button" class="plain" onClick={() => talk.takeBack(item.id)}>
            {words("delete")}
          </button>
        </span>
      )}
    </li>
  );
}

function Theirs({
  item,
  last,
  words,
  talk,
  language,
  onSources,
}: Shows & { item: Of<"text">; last: boolean }) {
  const { sources, person } = item;
  const judged = last && !person && (item.messageId || item.turnId) && item.turnId !== "events";
  const label = (number: number) =>
    words("source-of", { count: number, name: sources[number - 1]?.name ?? "" });
  return (
    <li class={person ? "theirs person" : "theirs"} part="message-assistant">
      {person?.name && (
        <div class="who" dir="auto">
          <span class="face" aria-hidden="true">
            {[...person.name][0]}
          </span>
          {person.name}
        </div>
      )}
      <span class="only-read">{person ? person.name || words("person") : words("agent")}: </span>
      <div class="text" dir="auto" title={at(item.time, language)}>
        <Markdown
          text={item.text}
          growing={item.streaming}
          sources={sources.length}
          label={label}
          onSource={(number, from) => onSources(sources, number - 1, from)}
        />
      </div>
      {!item.streaming && (
        <div class={judged || sources.length > 0 ? "below" : "below beside"}>
          {sources.length > 0 && (
            <button
              type="button"
              class="plain"
              aria-haspopup="dialog"
              onClick={event => onSources(sources, undefined, event.currentTarget)}
            >
              {sources.length === 1 ? words("source") : words("sources", { count: sources.length })}
            </button>
          )}
          <Copy text={item.text} words={words} />
          {judged && <Rating item={item} talk={talk} words={words} />}
        </div>
      )}
    </li>
  );
}

function Copy({ text, words }: { readonly text: string; readonly words: Words }) {
  const [done, setDone] = useState(false);
  const copy = () =>
    navigator.clipboard?.writeText(text).then(
      () => setDone(true),
      () => undefined,
    );
  return (
    <button type="button" class="quiet" aria-label={words(done ? "copied" : "copy")} onClick={copy}>
      <Icon of="copy" />
    </button>
  );
}

function Rating({ item, talk, words }: { item: Of<"text">; talk: Talk; words: Words }) {
  const [asks, setAsks] = useState(false);
  const rate = (rating: "up" | "down") => {
    const next = item.rating === rating ? null : rating;
    setAsks(next === "down");
    void talk.rate(item, next);
  };
  const thumb = (rating: "up" | "down", label: string) => (
    <button
      type="button"
      class="quiet"
      aria-label={label}
      aria-pressed={item.rating === rating}
      onClick={() => rate(rating)}
    >
      <Icon of={rating} />
    </button>
  );
  return (
    <>
      {thumb("up", words("good"))}
      {thumb("down", words("bad"))}
      {asks && item.rating === "down" && (
        <Line
          label={words("why")}
          words={words}
          onEnter={comment => {
            setAsks(false);
            void talk.rate(item, "down", comment);
          }}
        />
      )}
    </>
  );
}

/** A field of one line that says something by itself. */
function Line(props: {
  label: string;
  words: Words;
  type?: "text" | "email";
  onEnter: (text: string) => void;
}) {
  const field = useRef<HTMLInputElement>(null);
  return (
    <form
      class="line"
      onSubmit={event => {
        event.preventDefault();
        if (field.current?.value.trim()) props.onEnter(field.current.value.trim());
      }}
    >
      <input
        ref={field}
        type={props.type ?? "text"}
        list={undefined}
        placeholder={props.label}
        aria-label={props.label}
        maxLength={2000}
      />
      <button type="submit" class="filled" aria-label={props.words("send")}>
        <Icon of="send" />
      </button>
    </form>
  );
}

function Media({ item, words }: { readonly item: Of<"media">; readonly words: Words }) {
  const { url, media } = item;
  const name = item.name || item.alt || words("file");
  if (!/^https?:/i.test(url)) return <span>{name}</span>;
  if (media === "image") return <img class="picture" src={url} alt={item.alt ?? ""} loading="lazy" />;
  if (media === "video")
    return <video class="picture" src={url} controls preload="metadata" aria-label={name} />;
  if (media === "audio") return <audio src={url} controls preload="metadata" aria-label={name} />;
  return (
    <a class="file" href={url} target="_blank" rel="noopener noreferrer nofollow">
      <Icon of="file" /> {name}
    </a>
  );
}

function Cards({ cards, words, talk }: Shows & { readonly cards: readonly Card[] }) {
  const list = useRef<HTMLDivElement>(null);
  const move = (by: number) => {
    const { current } = list;
    if (!current) return;
    const side = getComputedStyle(current).direction === "rtl" ? -1 : 1;
    current.scrollBy({ left: by * side * 232, behavior: "smooth" });
  };
  const press = (button: Card["buttons"][number]) =>
    talk.send({ type: "button", payload: { label: button.label, value: button.value } }, button.label);
  return (
    <li class="cards">
      <div
        class="carousel"
        ref={list}
        tabIndex={cards.length > 1 ? 0 : undefined}
        role="group"
        aria-label={cards[0]?.title}
      >
        {cards.map((card, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cards do not move
          <div class="card" key={index} dir="auto">
            {card.imageUrl && /^https?:/i.test(card.imageUrl) && (
              <img src={card.imageUrl} alt="" loading="lazy" />
            )}
            <p class="heading">{card.title}</p>
            {card.description && <p>{card.description}</p>}
            {card.url && /^https?:/i.test(card.url) && <Away url={card.url} />}
            {card.buttons?.map(button =>
              button.url && /^(https?|mailto|tel):/i.test(button.url) ? (
                <Away key={button.id} url={button.url} label={button.label} />
              ) : (
                <button key={button.id} type="button" class="answer" onClick={() => press(button)}>
                  {button.label}
                </button>
              ),
            )}
          </div>
        ))}
      </div>
      {cards.length > 1 && (
        <div class="arrows">
          <button type="button" class="quiet always" aria-label={words("previous")} onClick={() => move(-1)}>
            <Icon of="back" turns />
          </button>
          <button type="button" class="quiet always" aria-label={words("next")} onClick={() => move(1)}>
            <Icon of="on" turns />
          </button>
        </div>
      )}
    </li>
  );
}

function Away({ url, label }: { readonly url: string; readonly label?: string }) {
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow">
      {label ?? url.replace(/^https?:\/\/([^/]*).*$/, "$1")}
    </a>
  );
}

function Approval({ item, last, words, talk }: Shows & { item: Of<"approval">; last: boolean }) {
  const { approvalId, toolName: name } = item;
  if (item.by === "person") return <li class="notice">{words("waits", { name })}</li>;
  const answer = (approved: boolean) =>
    talk.send({ type: "approval", payload: { approvalId, approved } }, words(approved ? "yes" : "no"));
  return (
    <li class="answers">
      <p class="notice">{words("asks", { name })}</p>
      {last && (
        <>
          <button type="button" class="answer" onClick={() => answer(true)}>
            {words("yes")}
          </button>
          <button type="button" class="answer" onClick={() => answer(false)}>
            {words("no")}
          </button>
        </>
      )}
    </li>
  );
}

function Handoff({ item, last, words, talk, language }: Shows & { item: Of<"handoff">; last: boolean }) {
  const { opensAt } = item;
  return (
    <li class="notice" dir="auto">
      {handedOver(item, words)} {opensAt && words("opens", { time: at(opensAt, language) ?? "" })}
      {opensAt && last && (
        <Line
          type="email"
          label={words("email")}
          words={words}
          onEnter={mail => talk.send({ type: "text", payload: mail }, mail)}
        />
      )}
    </li>
  );
}

function at(time: string | undefined, language: string): string | undefined {
  if (!time) return undefined;
  return new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(
    new Date(time),
  );
}

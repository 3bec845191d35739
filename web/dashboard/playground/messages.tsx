import type { Conversation, Item } from "@client/traces";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { Fragment, type ReactNode } from "react";
import { Markdown } from "./markdown";
import { SentFile } from "./sent-file";

export interface MessagesProps {
  readonly conversation: Conversation;
  /** Who said what the user says, to those who listen; left out: whoever reads. */
  readonly user?: string;
  /** What can be done with something that the user said. */
  readonly actions?: (id: string) => ReactNode;
  /** What stands in its place. */
  readonly replaced?: (id: string) => ReactNode;
  /** A list item below what the agent said. */
  readonly below?: (item: Item) => ReactNode;
}

/** What was said, as the widget shows it. */
export function Messages({ conversation, user = t("You:"), actions, replaced, below }: MessagesProps) {
  return (
    <ol className="flex flex-col gap-2">
      {conversation.items.map(item =>
        item.kind === "user" ? (
          <li key={item.id} className="flex max-w-[88%] items-center gap-1 self-end">
            {replaced?.(item.id) ?? (
              <>
                {actions?.(item.id)}
                <Said item={item} by={user} />
              </>
            )}
          </li>
        ) : (
          <Fragment key={item.id}>
            <Message item={item} />
            {below?.(item)}
          </Fragment>
        ),
      )}
      {conversation.typing && (
        <li className="w-fit rounded-panel bg-sunken px-3 py-2 text-text-3" aria-hidden="true">
          …
        </li>
      )}
    </ol>
  );
}

/** How a bubble of a conversation looks, wherever it is shown. */
export const BUBBLE = "w-fit max-w-[88%] rounded-panel px-3 py-2 text-body break-words";

type User = Extract<Item, { kind: "user" }>;

function Said({ item, by }: { readonly item: User; readonly by: string }) {
  return (
    <p dir="auto" className={cx(BUBBLE, "max-w-full whitespace-pre-wrap bg-accent text-on-accent")}>
      <span className="sr-only">{by} </span>
      {item.file ? <SentFile text={item.text} {...item.file} /> : item.text}
      {item.failed && <span className="block text-caption">{t("Not sent")}</span>}
    </p>
  );
}

function Message({ item }: { readonly item: Exclude<Item, User> }) {
  switch (item.kind) {
    case "text":
      return (
        <li dir="auto" className={cx(BUBBLE, item.person ? "bg-accent-soft" : "bg-sunken")}>
          {item.person ? (
            <span className="block font-medium text-caption text-text-2">
              {item.person.name || t("Person")}
              <span className="sr-only">: </span>
            </span>
          ) : (
            <span className="sr-only">{t("Agent:")} </span>
          )}
          <div>
            <Markdown text={item.text} />
          </div>
          {item.sources.length > 0 && (
            <details className="mt-1 text-caption text-text-2">
              <summary className="cursor-default">
                {item.sources.length === 1
                  ? t("1 source")
                  : t("%{sources} sources", { sources: item.sources.length })}
              </summary>
              <ul className="mt-1 flex flex-col gap-1">
                {item.sources.map(source => (
                  <li key={source.chunkId}>
                    <span className="font-medium">{source.name}</span>: {source.excerpt}
                  </li>
                ))}
              </ul>
            </details>
          )}
        </li>
      );
    case "media":
      return (
        <li>
          {item.media === "image" ? (
            <img src={item.url} alt={item.alt ?? ""} className="max-h-60 max-w-full rounded-card" />
          ) : (
            <a className="text-accent-text underline" href={item.url} target="_blank" rel="noreferrer">
              {item.name || item.alt || item.url}
            </a>
          )}
        </li>
      );
    case "cards":
      return (
        <li className="flex gap-2 overflow-x-auto">
          {item.cards.map(card => (
            <div key={card.title} className="w-56 shrink-0 rounded-card border border-line p-3">
              {card.imageUrl && <img src={card.imageUrl} alt="" className="mb-2 rounded-control" />}
              <p className="font-medium">{card.title}</p>
              {card.description && <p className="text-dense text-text-2">{card.description}</p>}
            </div>
          ))}
        </li>
      );
    case "badge":
      return (
        <li className="w-fit rounded-pill bg-info-soft px-2 py-0.5 text-caption text-info">{item.text}</li>
      );
    case "approval":
      return <Note text={t("%{toolName} waits for a yes", { toolName: item.toolName })} />;
    case "handoff":
      return <Note text={handed(item)} />;
    case "error":
      return (
        <li className="rounded-card bg-bad-soft px-3 py-2 text-bad text-dense" role="alert">
          {item.message} <span className="font-mono text-caption">{item.code}</span>
        </li>
      );
    case "end":
      return <Note text={t("The conversation has ended")} />;
  }
}

/** Who has the conversation from now on. */
function handed({ target, reason, person }: Extract<Item, { kind: "handoff" }>): string {
  if (target === "agent") return t("Handed back to the agent");
  if (person) return t("%{name} joined", { name: person.name });
  return t("Handed over to %{value}%{value2}", {
    value: target === "person" || !target ? t("a person") : target,
    value2: reason ? `: ${reason}` : "",
  });
}

function Note({ text }: { readonly text: string }) {
  return <li className="self-center text-caption text-text-3">{text}</li>;
}

/** The ready answers of this moment. */
export function ReadyAnswers({
  conversation,
  onPress,
}: {
  readonly conversation: Conversation;
  readonly onPress: (button: Conversation["buttons"][number]) => void;
}) {
  if (conversation.buttons.length === 0) return null;
  return (
    <div className="flex flex-wrap gap-2">
      {conversation.buttons.map(button => (
        <Button key={button.id} dense onClick={() => onPress(button)}>
          {button.label}
        </Button>
      ))}
    </div>
  );
}

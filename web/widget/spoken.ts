import type { Item } from "@client/traces";
import { useRef } from "preact/hooks";
import type { Talk } from "./talk";
import type { Words } from "./words";

/** What a screen reader says: each finished message once, and once that one is being written. */
export function useSpoken(talk: Talk, open: boolean, words: Words): string {
  const said = useRef(new Set<string>());
  const now = useRef("");
  const typing = useRef(false);
  const { items, buttons } = talk.conversation;
  const { problem, ready, busy } = talk.status;
  const fresh: string[] = [];
  for (const item of items) {
    const text = open || !ready ? told(item, words) : undefined;
    if (text === undefined || said.current.has(item.id)) continue;
    said.current.add(item.id);
    // What was said before the panel was there is read, not spoken.
    if (ready && !item.id.startsWith("said/") && !("messageId" in item)) fresh.push(text);
  }
  if (fresh.length > 0) {
    const choices = busy ? [] : buttons.map(each => each.label);
    now.current = [...fresh, ...choices].join("\n");
  } else if (problem) {
    now.current = problem.message || words("unreachable");
  } else if (busy && !typing.current) {
    now.current = words("typing");
  }
  typing.current = busy;
  return now.current;
}

function told(item: Item, words: Words): string | undefined {
  switch (item.kind) {
    case "text":
      return item.streaming ? undefined : item.text;
    case "media":
      return item.alt || item.name || words("file");
    case "cards":
      return item.cards.map(card => card.title).join("\n");
    case "handoff":
      return handedOver(item, words);
    case "error":
      return words("failed");
    case "badge":
      return item.text;
    default:
      return undefined;
  }
}

/** Who has the conversation now. */
export function handedOver({ target, person }: Item & { readonly kind: "handoff" }, words: Words): string {
  if (target === "agent") return words("back");
  return person ? words("joined", { name: person.name }) : words("handed");
}

import { type Conversation, EMPTY, type Happening, type Item, reduce } from "@client/traces";
import { sentFile } from "../data/files";
import type { Transcript } from "../data/turns";

interface Began {
  readonly turnId: string;
  readonly startedAt: string;
}

/**
 * A transcript as the playground shows a conversation: what was said, and each turn with its traces; with `before` only
 * what came before that turn.
 */
export function conversationOf(transcript: Transcript, before?: Began): Conversation {
  const { messages, files, traces } = before ? cut(transcript, before) : transcript;
  const happened: { time: string; happening: Happening }[] = messages
    .filter(message => message.role === "user")
    .map(({ id, content, createdAt }) => ({
      time: createdAt,
      happening: { type: "said", id, text: content, time: createdAt },
    }));
  for (const sent of files ?? []) {
    const { text, ...file } = sentFile(sent);
    const happening: Happening = { type: "said", id: `${sent.turnId}/file`, text, time: sent.sentAt, file };
    happened.push({ time: sent.sentAt, happening });
  }
  for (const [index, { turnId, ...trace }] of (traces ?? []).entries()) {
    const id = `${turnId}/${index}`;
    happened.push({ time: trace.time, happening: { type: "trace", turnId, id, trace } });
  }
  // At one moment, what was said comes before what it brought about: sorting keeps the order.
  happened.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  let shown = EMPTY;
  for (const { happening } of happened) shown = reduce(shown, happening);
  const turns = shown.turns.map(turn => ({ ...turn, done: true }));
  return { ...shown, turns, typing: false, items: withUntraced(shown.items, messages) };
}

/** What came before a turn that began then. */
function cut(
  { messages, files, traces }: Transcript,
  { turnId, startedAt }: Began,
): Pick<Transcript, "messages" | "files" | "traces"> {
  const index = traces?.findIndex(each => each.turnId === turnId) ?? -1;
  return {
    messages: messages.filter(each => Date.parse(each.createdAt) < Date.parse(startedAt)),
    files: files?.filter(each => Date.parse(each.sentAt) < Date.parse(startedAt)),
    traces: traces?.slice(0, index < 0 ? undefined : index),
  };
}

/** Adds answers that no trace tells of, such as those of a person, where they belong. */
function withUntraced(items: readonly Item[], messages: Transcript["messages"]): readonly Item[] {
  const told = items.filter(item => item.kind === "text").map(item => item.text.trim());
  const all = [...items];
  for (const { id, role, content, createdAt } of messages) {
    if (role === "user") continue;
    const at = told.indexOf(content.trim());
    if (at >= 0) {
      told.splice(at, 1);
      continue;
    }
    const later = all.findIndex(
      item => "time" in item && item.time && Date.parse(item.time) > Date.parse(createdAt),
    );
    const item: Item = {
      ...{ kind: "text", id, text: content, streaming: false, sources: [], time: createdAt },
      ...(role === "person" && { person: { name: "" } }),
    };
    all.splice(later < 0 ? all.length : later, 0, item);
  }
  return all;
}

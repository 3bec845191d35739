import { type Conversation, EMPTY, type Happening, type Item, reduce } from "@client/traces";
import { sentFile } from "../data/files";
import type { Transcript } from "../data/turns";

/** Of what people did: it is told in no turn. */
const NO_TURN = "";

interface Began {
  readonly turnId: string;
  readonly startedAt: string;
}

/**
 * A transcript as the playground shows a conversation: what was said, and each turn with its traces; with `before` only
 * what came before that turn.
 */
export function conversationOf(transcript: Transcript, before?: Began): Conversation {
  const { messages, files, traces, events } = before ? cut(transcript, before) : transcript;
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
  for (const [index, trace] of (events ?? []).entries())
    happened.push({
      time: trace.time,
      happening: { type: "trace", turnId: NO_TURN, id: `event/${index}`, trace },
    });
  for (const { id, content, createdAt, name } of messages.filter(message => message.role === "person")) {
    const payload = { message: content, person: { name: name ?? "" } };
    const trace = { type: "text", payload, time: createdAt };
    happened.push({ time: createdAt, happening: { type: "trace", turnId: NO_TURN, id, trace } });
  }
  // At one moment, what was said comes before what it brought about: sorting keeps the order.
  happened.sort((one, other) => Date.parse(one.time) - Date.parse(other.time));
  let shown = EMPTY;
  for (const { happening } of happened) shown = reduce(shown, happening);
  const turns = shown.turns.filter(turn => turn.id !== NO_TURN).map(turn => ({ ...turn, done: true }));
  return { ...shown, turns, typing: false, items: withUntraced(shown.items, messages) };
}

/** What came before a turn that began then. */
function cut(
  { messages, files, traces, events }: Transcript,
  { turnId, startedAt }: Began,
): Pick<Transcript, "messages" | "files" | "traces" | "events"> {
  const index = traces?.findIndex(each => each.turnId === turnId) ?? -1;
  return {
    messages: messages.filter(each => Date.parse(each.createdAt) < Date.parse(startedAt)),
    files: files?.filter(each => Date.parse(each.sentAt) < Date.parse(startedAt)),
    traces: traces?.slice(0, index < 0 ? undefined : index),
    events: events?.filter(each => Date.parse(each.time) < Date.parse(startedAt)),
  };
}

/** Adds answers that no trace tells of, such as that nobody is there yet, where they belong. */
function withUntraced(items: readonly Item[], messages: Transcript["messages"]): readonly Item[] {
  const told = items.flatMap(item => (item.kind === "text" && !item.person ? [item.text.trim()] : []));
  const all = [...items];
  for (const { id, role, content, createdAt } of messages) {
    if (role !== "assistant") continue;
    const at = told.indexOf(content.trim());
    if (at >= 0) {
      told.splice(at, 1);
      continue;
    }
    const later = all.findIndex(
      item => "time" in item && item.time && Date.parse(item.time) > Date.parse(createdAt),
    );
    const item: Item = { kind: "text", id, text: content, streaming: false, sources: [], time: createdAt };
    all.splice(later < 0 ? all.length : later, 0, item);
  }
  return all;
}

/** One thing that happened in a turn, as the API sends it. */
export interface Trace {
  readonly type: string;
  readonly payload: Readonly<Record<string, unknown>>;
  readonly time?: string;
}

export interface Button {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly url?: string;
}

export interface Card {
  readonly title: string;
  readonly description?: string;
  readonly imageUrl?: string;
  readonly url?: string;
  readonly buttons: readonly Button[];
}

export interface Source {
  readonly documentId: string;
  readonly name: string;
  readonly chunkId: string;
  readonly score: number;
  readonly excerpt: string;
  readonly url?: string;
  readonly page?: number;
}

/** Who says something that the agent does not. */
export interface Person {
  readonly name: string;
}

export type Media = "image" | "video" | "audio" | "file";

/** What is shown in one place of a conversation. `streaming`: more of its text comes. */
export type Item =
  | {
      readonly kind: "user";
      readonly id: string;
      readonly text: string;
      readonly time?: string;
      readonly failed?: boolean;
      /** A file that was sent. */
      readonly file?: { readonly url: string; readonly mimeType: string };
    }
  | {
      readonly kind: "text";
      readonly id: string;
      readonly text: string;
      readonly streaming: boolean;
      readonly sources: readonly Source[];
      readonly time?: string;
      readonly person?: Person;
      /** What said it: its turn, and the message once it is kept. */
      readonly turnId?: string;
      readonly messageId?: string;
      readonly rating?: "up" | "down" | null;
    }
  | {
      readonly kind: "media";
      readonly id: string;
      readonly media: Media;
      readonly url: string;
      readonly alt?: string;
      readonly name?: string;
      readonly mimeType?: string;
      readonly person?: Person;
    }
  | { readonly kind: "cards"; readonly id: string; readonly cards: readonly Card[] }
  | { readonly kind: "badge"; readonly id: string; readonly text: string; readonly tone?: string }
  | {
      readonly kind: "handoff";
      readonly id: string;
      readonly time?: string;
      readonly target: string;
      readonly reason: string;
      readonly person?: Person;
      /** When somebody is there again, where nobody is now. */
      readonly opensAt?: string;
    }
  | {
      readonly kind: "approval";
      readonly id: string;
      readonly approvalId: string;
      readonly toolName: string;
      readonly by: "user" | "person";
    }
  | { readonly kind: "error"; readonly id: string; readonly code: string; readonly message: string }
  | { readonly kind: "end"; readonly id: string };

/** A turn, as a panel of traces shows it. */
export interface Turn {
  readonly id: string;
  readonly traces: readonly (Trace & { readonly id: string })[];
  readonly done: boolean;
}

/** A conversation as it is shown: what was said, what can be pressed, and each turn with all its traces. */
export interface Conversation {
  readonly items: readonly Item[];
  readonly buttons: readonly Button[];
  readonly typing: boolean;
  readonly ended: boolean;
  readonly turns: readonly Turn[];
  /** Sources that the next text is grounded on. */
  readonly sources: readonly Source[];
}

export type Happening =
  | {
      readonly type: "said";
      readonly id: string;
      readonly text: string;
      readonly time?: string;
      readonly file?: { readonly url: string; readonly mimeType: string };
    }
  | { readonly type: "not-sent" | "sent-again" | "taken-back"; readonly id: string }
  | { readonly type: "rated"; readonly id: string; readonly rating: "up" | "down" | null }
  /** What was said before, as it is kept: it comes before what is shown already. */
  | { readonly type: "history"; readonly items: readonly Item[] }
  | { readonly type: "turn-began"; readonly turnId: string }
  | { readonly type: "trace"; readonly turnId: string; readonly id: string; readonly trace: Trace }
  | { readonly type: "turn-ended"; readonly turnId: string }
  | { readonly type: "reset" };

export const EMPTY: Conversation = {
  items: [],
  buttons: [],
  typing: false,
  ended: false,
  turns: [],
  sources: [],
};

/** The conversation after something happened. The same event twice changes nothing: events carry ids. */
export function reduce(conversation: Conversation, happening: Happening): Conversation {
  switch (happening.type) {
    case "reset":
      return EMPTY;
    case "said": {
      const { id, text, time, file } = happening;
      if (conversation.items.some(item => item.id === id)) return conversation;
      return {
        ...conversation,
        buttons: [],
        ended: false,
        items: [...conversation.items, { kind: "user", id, text, time, file }],
      };
    }
    case "not-sent":
    case "sent-again": {
      const failed = happening.type === "not-sent";
      const items = conversation.items.map(item =>
        item.kind === "user" && item.id === happening.id ? { ...item, failed } : item,
      );
      return { ...conversation, typing: !failed, items };
    }
    case "taken-back":
      return { ...conversation, items: conversation.items.filter(item => item.id !== happening.id) };
    case "rated": {
      const items = conversation.items.map(item =>
        item.kind === "text" && item.id === happening.id ? { ...item, rating: happening.rating } : item,
      );
      return { ...conversation, items };
    }
    case "history": {
      const shown = new Set(conversation.items.map(item => item.id));
      const before = happening.items.filter(item => !shown.has(item.id));
      return { ...conversation, items: [...before, ...conversation.items] };
    }
    case "turn-began":
      return { ...inTurn(conversation, happening.turnId, turn => turn), typing: true, buttons: [] };
    case "turn-ended":
      return {
        ...inTurn(conversation, happening.turnId, turn => ({ ...turn, done: true })),
        typing: false,
        sources: [],
        items: conversation.items.map(item =>
          item.kind === "text" && item.streaming ? { ...item, streaming: false } : item,
        ),
      };
    case "trace": {
      const { turnId, id, trace } = happening;
      const known = conversation.turns.find(turn => turn.id === turnId)?.traces.some(seen => seen.id === id);
      if (known) return conversation;
      const kept = inTurn(conversation, turnId, turn => ({
        ...turn,
        traces: [...turn.traces, { ...trace, id }],
      }));
      return show(kept, trace, id, turnId);
    }
  }
}

function inTurn(conversation: Conversation, id: string, change: (turn: Turn) => Turn): Conversation {
  const { turns } = conversation;
  if (!turns.some(turn => turn.id === id)) {
    return { ...conversation, turns: [...turns, change({ id, traces: [], done: false })] };
  }
  return { ...conversation, turns: turns.map(turn => (turn.id === id ? change(turn) : turn)) };
}

/** The traces that show something, as the API describes them. */
type Shown =
  | { type: "text"; payload: { message: string; person?: Person } }
  | { type: "completion-start" | "completion-continue" | "completion-end"; payload: { text?: string } }
  | { type: Media; payload: { url: string; alt?: string; name?: string; mimeType?: string; person?: Person } }
  | { type: "buttons"; payload: { buttons: Button[] } }
  | { type: "card"; payload: Card }
  | { type: "carousel"; payload: { cards: Card[] } }
  | { type: "badge"; payload: { text: string; tone?: string } }
  | { type: "handoff"; payload: { target: string; reason: string; person?: Person; opensAt?: string } }
  | { type: "approval"; payload: { approvalId: string; toolName: string; by: "user" | "person" } }
  | { type: "error"; payload: { code: string; message: string } }
  | { type: "knowledge"; payload: { sources: Source[] } }
  | { type: "typing"; payload: { seconds: number } }
  | { type: "end"; payload: object };

function show(conversation: Conversation, trace: Trace, id: string, turnId: string): Conversation {
  const { time } = trace;
  const { sources } = conversation;
  const { type, payload } = trace as Shown;
  const add = (item: Item, more: Partial<Conversation> = {}): Conversation => ({
    ...conversation,
    ...more,
    items: [...conversation.items, item],
  });
  const said = (text: string, streaming: boolean, person?: Person) =>
    add({ kind: "text", id, text, streaming, sources, time, person, turnId }, { sources: [], typing: false });
  switch (type) {
    case "text":
      return said(payload.message, false, payload.person);
    case "completion-start":
      return said(payload.text ?? "", true);
    case "completion-continue":
      return extend(conversation, payload.text ?? "", true);
    case "completion-end":
      return extend(conversation, payload.text ?? "", false);
    case "image":
    case "video":
    case "audio":
    case "file":
      return add({ ...payload, kind: "media", id, media: type });
    case "buttons":
      return { ...conversation, buttons: payload.buttons };
    case "card":
      return add({ kind: "cards", id, cards: [payload] });
    case "carousel":
      return add({ kind: "cards", id, cards: payload.cards });
    case "badge":
      return add({ ...payload, kind: "badge", id });
    case "handoff":
      return add({ ...payload, kind: "handoff", id, time });
    case "approval":
      return add({ ...payload, kind: "approval", id });
    case "error":
      return add({ ...payload, kind: "error", id }, { typing: false });
    case "knowledge":
      return { ...conversation, sources: payload.sources };
    case "typing":
      return { ...conversation, typing: true };
    case "end":
      return add({ kind: "end", id }, { ended: true, typing: false, buttons: [] });
    default:
      return conversation;
  }
}

/** Adds to the text that is being streamed; only the last item changes. */
function extend(conversation: Conversation, text: string, streaming: boolean): Conversation {
  const { items } = conversation;
  const index = items.findLastIndex(item => item.kind === "text" && item.streaming);
  const item = items[index];
  if (item?.kind !== "text") return conversation;
  return { ...conversation, items: items.with(index, { ...item, text: item.text + text, streaming }) };
}

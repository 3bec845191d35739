import type { Item, Trace } from "@client/traces";

/** A message as the server keeps it. */
export interface Said {
  readonly id?: string;
  readonly turnId?: string | null;
  readonly rating?: "up" | "down" | null;
  readonly role: string;
  readonly content: string;
  readonly createdAt: string;
  /** What the user sent, in place of words. */
  readonly file?: { readonly url: string; readonly mimeType: string | null; readonly name: string | null };
}

/** What is told twice differs by no more than this, in ms. */
const SAME = 5000;

/** What was said before, as it is shown. */
export function itemsOf(history: readonly Said[]): Item[] {
  return history.map(({ id: messageId, turnId, rating, role, content, createdAt: time, file }, index) => {
    const id = messageId ?? `said/${index}`;
    const text = file ? (file.name ?? "") : content;
    const sent = file && { url: file.url, mimeType: file.mimeType ?? "" };
    if (role === "user") return { kind: "user", id, text, time, ...(sent && { file: sent }) };
    return {
      ...{ kind: "text", id, text, time, streaming: false, sources: [] },
      ...(messageId && { messageId }),
      ...(turnId && { turnId }),
      ...(rating && { rating }),
      ...(role === "person" && { person: { name: "" } }),
    };
  });
}

/** Whether what is told now was said before, or is shown already. */
export function isKnown(
  { type, payload, time = "" }: Trace,
  history: readonly Said[],
  items: readonly Item[],
): boolean {
  if (type === "handoff" && !payload.person) {
    // Its turn has told of it already.
    const last = items.findLast(item => item.kind === "handoff");
    return last?.kind === "handoff" && last.target === payload.target && !last.person;
  }
  const at = Date.parse(time);
  const isSame = ({ content, createdAt }: Said) =>
    content === payload.message && Math.abs(Date.parse(createdAt) - at) < SAME;
  return type === "text" && history.some(isSame);
}

/** Whether it is a failure that the agent goes on from: what it says then is all that a visitor is told. */
export const isHandled = ({ payload }: Trace) => !!payload.handled;

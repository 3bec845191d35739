import { create } from "zustand";

export type Kind = "reply" | "note";

const KEY = "conduet.inbox.drafts";

interface DraftState {
  readonly texts: Readonly<Record<string, string>>;
}

const useDrafts = create<DraftState>(() => ({
  texts: JSON.parse(sessionStorage.getItem(KEY) ?? "{}") as Record<string, string>,
}));

const keyOf = (projectId: string, userId: string, kind: Kind) => `${projectId}/${kind}/${userId}`;

/** What is being written in a conversation: kept while one looks elsewhere, and over a reload. */
export function useDraft(projectId: string, userId: string, kind: Kind): string {
  return useDrafts(state => state.texts[keyOf(projectId, userId, kind)] ?? "");
}

export function setDraft(projectId: string, userId: string, kind: Kind, text: string): void {
  const { [keyOf(projectId, userId, kind)]: _, ...others } = useDrafts.getState().texts;
  const texts = text ? { ...others, [keyOf(projectId, userId, kind)]: text } : others;
  useDrafts.setState({ texts });
  sessionStorage.setItem(KEY, JSON.stringify(texts));
}

import type { Conversation } from "@client/traces";
import { useEffect, useRef } from "react";
import type { Taken } from "./use-conversation";

/** What is known of a test, to go on with it elsewhere or after a reload. */
export interface Kept {
  readonly userId: string;
  readonly conversation: Conversation;
  /** It goes on from elsewhere. */
  readonly isElsewhere: boolean;
  readonly taken: readonly Taken[];
}

const keyOf = (projectId: string) => `conduet.test.${projectId}`;

/** Under which name it is kept what somebody writes there and has not sent. */
export const composerOf = (projectId: string) => `${projectId}/said`;

/** As they are at the moment: another page begins before this one has ended. */
const shown = new Map<string, Kept>();

/** The test of a project that this tab had last. */
export function keptTest(projectId: string): Kept | undefined {
  const live = shown.get(projectId);
  if (live) return live;
  const text = sessionStorage.getItem(keyOf(projectId));
  return text ? read(text) : undefined;
}

/** Keeps a test while the tab is open, whatever page is shown. */
export function useKeptTest(projectId: string, test: Kept, busy: boolean): void {
  const latest = useRef(test);
  useEffect(() => {
    latest.current = test;
    shown.set(projectId, test);
  }, [projectId, test]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn begins and ends; not at each of its words
  useEffect(() => {
    const save = () => write(projectId, latest.current);
    save();
    addEventListener("pagehide", save);
    return () => removeEventListener("pagehide", save);
  }, [projectId, busy, test.userId]);
}

function write(projectId: string, { taken, ...test }: Kept): void {
  // What was shown before a turn is the beginning of what is shown.
  const bare = taken.map(({ shown: _, ...turn }) => turn);
  try {
    sessionStorage.setItem(keyOf(projectId), JSON.stringify({ ...test, taken: bare }));
  } catch {
    // Too long for the browser to keep.
    sessionStorage.removeItem(keyOf(projectId));
  }
}

function read(text: string): Kept {
  const test = JSON.parse(text) as Omit<Kept, "taken"> & { taken: readonly Omit<Taken, "shown">[] };
  return { ...test, taken: test.taken.map(turn => ({ ...turn, shown: before(test.conversation, turn) })) };
}

function before(
  { items, turns, ...rest }: Conversation,
  { turnId, said }: Omit<Taken, "shown">,
): Conversation {
  const upTo = (index: number) => (index < 0 ? undefined : index);
  return {
    ...rest,
    buttons: [],
    typing: false,
    ended: false,
    items: items.slice(0, upTo(items.findIndex(each => each.id === said?.id))),
    turns: turns.slice(0, upTo(turns.findIndex(each => each.id === turnId))),
  };
}

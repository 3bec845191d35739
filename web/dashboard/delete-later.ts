import { type Query, useQueryClient } from "@tanstack/react-query";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useEffect } from "react";
import { create } from "zustand";

interface DeletedState {
  readonly ids: ReadonlySet<string>;
}

const KEY = "conduet:deleting";
const SECONDS = 10;
const AGAIN_MS = 500;

/** What the page before this one was deleting when it was left, which may not have come about yet. */
const left = new Set<string>(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));

/** What is deleted on the screen, and on the server once nobody can take it back any more. */
const useDeleted = create<DeletedState>(() => ({ ids: new Set(left) }));

const waiting = new Map<string, () => void>();

if (left.size > 0) {
  sessionStorage.removeItem(KEY);
  // What is there still was not deleted.
  setTimeout(() => {
    const gone = [...left];
    left.clear();
    for (const id of gone) mark(id, false);
  }, SECONDS * 1000);
}

export interface Deletion {
  readonly id: string;
  /** "Returns deleted". */
  readonly title: string;
  /** Sends the request; `keepalive` outlives the page. */
  readonly send: (init: { keepalive: boolean }) => Promise<unknown>;
  /** Called when it is really gone: to read lists anew. */
  readonly onDone?: () => unknown;
}

/** Deletes something, with ten seconds to undo it. Whoever leaves the page before has it deleted at once. */
export function deleteLater({ id, title, send, onDone }: Deletion): void {
  mark(id, true);
  const timer = setTimeout(() => finish(), SECONDS * 1000);
  const finish = async () => {
    clearTimeout(timer);
    waiting.delete(id);
    try {
      await send({ keepalive: true });
      await onDone?.();
    } catch (error) {
      toast(t("Could not delete it: %{message}", { message: (error as Error).message }), { bad: true });
    }
    mark(id, false);
  };
  waiting.set(id, finish);
  toast(title, {
    onUndo: () => {
      if (!waiting.delete(id)) return;
      clearTimeout(timer);
      mark(id, false);
    },
  });
}

addEventListener("pagehide", () => {
  if (waiting.size === 0) return;
  sessionStorage.setItem(KEY, JSON.stringify([...waiting.keys()]));
  for (const finish of waiting.values()) finish();
});

/** The rows that are not being deleted. */
export function useKept<Row extends { readonly id: string }>(
  rows: readonly Row[] | undefined,
): readonly Row[] {
  const deleted = useDeleted(state => state.ids);
  const client = useQueryClient();
  // Read while the page before was still deleting: whoever opens a row of it finds nothing there.
  const isEarly = rows?.some(row => left.has(row.id)) ?? false;
  useEffect(() => {
    if (!isEarly) return;
    const isOfThese = ({ state: { data } }: Query) =>
      data === rows || Object.values((data as object | undefined) ?? {}).includes(rows);
    const timer = setInterval(() => client.invalidateQueries({ predicate: isOfThese }), AGAIN_MS);
    return () => clearInterval(timer);
  }, [isEarly, rows, client]);
  return rows?.filter(row => !deleted.has(row.id)) ?? [];
}

function mark(id: string, gone: boolean): void {
  useDeleted.setState(({ ids }) => {
    const next = new Set(ids);
    if (gone) next.add(id);
    else next.delete(id);
    return { ids: next };
  });
}

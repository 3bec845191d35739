import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { create } from "zustand";

interface DeletedState {
  readonly ids: ReadonlySet<string>;
}

/** What is deleted on the screen, and on the server once nobody can take it back any more. */
const useDeleted = create<DeletedState>(() => ({ ids: new Set<string>() }));

const waiting = new Map<string, () => void>();
const SECONDS = 10;

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
  for (const finish of waiting.values()) finish();
});

/** The rows that are not being deleted. */
export function useKept<Row extends { readonly id: string }>(
  rows: readonly Row[] | undefined,
): readonly Row[] {
  const deleted = useDeleted(state => state.ids);
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

import type { Entry } from "@dashboard/data/inbox";
import { useEffect, useMemo, useRef } from "react";

/** The entries of a queue, and in its place the one that was opened there: answered, it waits no longer. */
export function useOpenedKept(
  listed: readonly Entry[],
  opened: Entry | undefined,
  queue: string,
): readonly Entry[] {
  const id = opened?.userId;
  const at = listed.findIndex(each => each.userId === id);
  const last = useRef({ id, queue, at });
  useEffect(() => {
    if (at >= 0) last.current = { id, queue, at };
  }, [id, queue, at]);
  return useMemo(() => {
    const place = last.current;
    if (opened?.status !== "taken" || at >= 0 || place.at < 0 || place.id !== id || place.queue !== queue)
      return listed;
    return listed.toSpliced(place.at, 0, opened);
  }, [listed, opened, id, queue, at]);
}

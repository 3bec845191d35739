import { useSyncExternalStore } from "react";

const query = matchMedia("(max-width: 767.98px)");

function subscribe(told: () => void): () => void {
  query.addEventListener("change", told);
  return () => query.removeEventListener("change", told);
}

/** Whether there is no room for a canvas: the outline is there in its place. */
export function useNarrow(): boolean {
  return useSyncExternalStore(subscribe, () => query.matches);
}

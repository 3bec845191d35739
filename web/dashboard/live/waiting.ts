import { create } from "zustand";

/** How much waits for people in the open project, by page: the rail and the tab's title show it. */
interface WaitingState {
  readonly inbox: number;
  readonly outbound: number;
}

export const useWaiting = create<WaitingState>(() => ({ inbox: 0, outbound: 0 }));

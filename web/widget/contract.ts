/** What the launcher and the panel have of each other. The launcher is small: it knows nothing of conversations. */

/** What `Conduet` can be told; calls made before the panel is there wait for it. */
export interface Calls {
  open(how?: { readonly quiet?: boolean }): void;
  close(): void;
  toggle(): void;
  send(what: string | Action): void;
  identify(who: { readonly userId: string; readonly hash?: string }): void;
  set(what: { readonly variables: Readonly<Record<string, unknown>> }): void;
  reset(): void;
  destroy(): void;
}

/** What a user does, as the API takes it. */
export interface Action {
  readonly type: string;
  readonly payload?: unknown;
}

export type EventName = "ready" | "open" | "close" | "message" | "trace" | "unread" | "handoff" | "error";

export interface Launcher {
  /** The `<conduet-chat>`; its attributes are the settings. */
  readonly element: HTMLElement;
  readonly root: ShadowRoot;
  /** The server, with no slash at its end. */
  readonly host: string;
  /** Nothing in the modes `inline` and `page`. */
  readonly button?: HTMLButtonElement;
  /** The button's name while there is nothing new. */
  readonly label: string;
  /** Tells the page something. */
  readonly tell: (event: EventName, detail?: unknown) => void;
}

/** What is kept of a visitor, where `persist` says. */
export interface Kept {
  id?: string;
  /** Whether there is a conversation. */
  talked?: boolean;
  /** The last event that was seen. */
  seen?: number;
  /** The last turn, what was said at its beginning, and when. */
  turn?: string;
  said?: string;
  file?: { url: string; mimeType: string };
  open?: boolean;
  draft?: string;
  /** The teaser was closed, or the chat opened by itself: not again. */
  greeted?: boolean;
}

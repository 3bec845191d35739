import type { Kept } from "./contract";

/** What is kept of a visitor: where the page says, and nowhere else. */
export class Visitor {
  /** Knows who they are: a random id of ours, else what the page says. */
  userId: string;
  hash: string | null;

  constructor(
    private readonly element: HTMLElement,
    readonly kept: Kept,
  ) {
    this.userId = element.getAttribute("user-id") ?? kept.id ?? newId();
    this.hash = element.getAttribute("user-hash");
    if (kept.id && kept.id !== this.userId) this.forget();
  }

  get key(): string {
    return this.element.getAttribute("key") ?? "";
  }

  /** What tabs that show the same conversation call it. */
  get channel(): string {
    return `conduet:${this.key}:${this.userId}`;
  }

  keep(more: Kept): void {
    const storage = this.storage();
    const name = `conduet:${this.key}`;
    try {
      // Another tab may have gone on meanwhile.
      const now: Kept = JSON.parse(storage?.getItem(name) ?? "{}");
      if (now.id === this.userId) Object.assign(this.kept, now);
    } catch {
      // What is there is not ours.
    }
    Object.assign(this.kept, more, { id: this.userId });
    try {
      storage?.setItem(
        name,
        JSON.stringify(this.kept, (_, value) => value ?? null),
      );
    } catch {
      // The browser keeps nothing for this page: the conversation lasts as long as the page.
    }
  }

  /** As if they had never been here. */
  forget(userId?: string, hash: string | null = null): void {
    for (const name of Object.keys(this.kept)) delete this.kept[name as keyof Kept];
    if (userId !== undefined || !this.element.hasAttribute("user-id")) {
      this.userId = userId ?? newId();
      this.hash = hash;
    }
    try {
      this.storage()?.removeItem(`conduet:${this.key}`);
    } catch {
      // Nothing was kept.
    }
  }

  private storage(): Storage | undefined {
    const persist = this.element.getAttribute("persist");
    try {
      return persist === "none" ? undefined : persist === "session" ? sessionStorage : localStorage;
    } catch {
      return undefined;
    }
  }
}

/** An id that nobody guesses: who knows it may read the conversation. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(18));
  return `web_${Array.from(bytes, byte => byte.toString(16).padStart(2, "0")).join("")}`;
}

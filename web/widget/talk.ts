import { type Conversation, EMPTY, type Happening, type Item, reduce, type Trace } from "@client/traces";
import type { Action, Kept, Launcher } from "./contract";
import { hear } from "./hearing";
import { isHandled, isKnown, itemsOf, type Said } from "./history";
import { NOT_HERE, patiently, Refused, type Server, UNREACHABLE } from "./server";
import { takeTurn } from "./turn";
import type { Visitor } from "./visitor";

/** Shorter breaks nobody is told of, in ms. */
const BRIEF = 2000;

/** What waits to be sent, or is being sent. */
interface Sending {
  readonly id: string;
  readonly action: Action;
  readonly key: string;
}

export interface Problem {
  readonly code: string;
  readonly message: string;
}

/** What is shown beside what was said. */
export interface Status {
  readonly busy: boolean;
  readonly broken: boolean;
  /** In how many seconds the next try is. */
  readonly wait: number;
  readonly problem?: Problem;
  /** Who answers in place of the agent. */
  readonly person?: string;
  /** The turn whose answer is not shown any further, and the last event that was; it goes on. */
  readonly hidden?: { readonly turnId: string; readonly seen: string | null };
  readonly ready: boolean;
}

/** One visitor's conversation: what is said goes out, what happens comes in, over lost connections and page loads. */
export class Talk {
  conversation: Conversation = EMPTY;
  status: Status = { busy: false, broken: false, wait: 0, ready: false };
  /** Told after each change. */
  onChange: () => void = () => undefined;
  /** Told of what comes in; `fresh`: it was not there before. */
  onTrace: (trace: Trace, fresh: boolean) => void = () => undefined;

  private readonly queue: Sending[] = [];
  private readonly failed = new Map<string, Sending>();
  private control = new AbortController();
  private turn: AbortController | undefined;
  private channel: BroadcastChannel | undefined;
  private variables: Readonly<Record<string, unknown>> | undefined;
  /** What was said before this page, but in the last turn. */
  private before: readonly Said[] = [];
  private began = false;

  constructor(
    private readonly launcher: Launcher,
    private readonly server: Server,
    private readonly visitor: Visitor,
  ) {}

  /** Begins, or goes on where the visitor was. */
  async begin(): Promise<void> {
    if (this.began) return;
    this.began = true;
    const { signal } = this.control;
    this.listen();
    try {
      const { kept } = this.visitor;
      let history: Said[] = [];
      if (kept.talked || this.launcher.element.hasAttribute("user-id")) {
        const state = await patiently(() => this.server.conversation("state", { signal }), signal, this.wait);
        history = ((await state.json()) as { history: Said[] }).history;
      }
      const last = kept.turn;
      this.recall(history, last);
      this.set({ ready: true, problem: undefined });
      void hear(this.server, this.visitor, signal, (trace, id) => this.heard(trace, id));
      if (last) {
        await this.follow(last, {});
        this.judge(history, last);
      } else if (history.length === 0) this.queue.unshift(sending({ type: "launch" }));
    } catch (error) {
      if (signal.aborted) return;
      this.began = false;
      await this.fail(error);
    }
    void this.pump();
  }

  /** Says or does something; what is shown of it is `text`. */
  send(action: Action, text?: string, file?: { url: string; mimeType: string }): void {
    const next = sending(action);
    const { id } = next;
    if (text !== undefined)
      this.tell({ type: "said", id, text, time: new Date().toISOString(), ...(file && { file }) });
    this.queue.push(next);
    void this.pump();
  }

  retry(id: string): void {
    const again = this.failed.get(id);
    if (!again) return;
    this.failed.delete(id);
    this.tell({ type: "sent-again", id });
    this.queue.unshift(again);
    void this.pump();
  }

  takeBack(id: string): void {
    this.failed.delete(id);
    if (this.failed.size === 0) this.set({ problem: undefined });
    this.tell({ type: "taken-back", id });
  }

  /** Shows no more of the answer that is coming: no client ends a turn. */
  stop(): void {
    this.turn?.abort();
  }

  /** Shows the rest of it. */
  readOn(): void {
    const { hidden } = this.status;
    if (hidden) void this.follow(hidden.turnId, {}).then(() => this.pump());
  }

  async rate(item: Item & { kind: "text" }, rating: "up" | "down" | null, comment?: string): Promise<void> {
    this.tell({ type: "rated", id: item.id, rating });
    const body = JSON.stringify({ rating, ...(comment && { comment }) });
    const named = encodeURIComponent(item.messageId ?? item.turnId ?? "");
    try {
      const headers = { "Content-Type": "application/json" };
      await this.server.conversation(`messages/${named}/feedback`, { method: "PUT", headers, body });
    } catch (error) {
      this.tell({ type: "rated", id: item.id, rating: item.rating ?? null });
      await this.fail(error);
    }
  }

  /** Sent with what is said next. */
  setVariables(variables: Readonly<Record<string, unknown>>): void {
    this.variables = { ...this.variables, ...variables };
  }

  /** Forgets what is shown, and goes on as who the visitor is now. */
  restart(): void {
    this.end();
    this.control = new AbortController();
    this.queue.length = 0;
    this.failed.clear();
    this.before = [];
    this.variables = undefined;
    this.began = false;
    this.conversation = EMPTY;
    this.status = { busy: false, broken: false, wait: 0, ready: false };
    this.onChange();
  }

  end(): void {
    this.control.abort();
    this.turn?.abort();
    this.broken(false);
    this.channel?.close();
    this.channel = undefined;
  }

  private set(more: Partial<Status>): void {
    this.status = { ...this.status, ...more };
    this.onChange();
  }

  /** Something happened: in every tab that shows this conversation. */
  private tell(happening: Happening, elsewhere = true): void {
    if (happening.type === "trace" && isHandled(happening.trace)) return;
    this.conversation = reduce(this.conversation, happening);
    if (elsewhere) this.channel?.postMessage(happening);
    this.onChange();
  }

  /** Takes part in what other tabs say and hear. */
  private listen(): void {
    if (!globalThis.BroadcastChannel) return;
    this.channel = new BroadcastChannel(this.visitor.channel);
    this.channel.onmessage = ({ data }: MessageEvent<Happening>) => {
      this.tell(data, false);
      if (data.type === "trace") this.note(data.trace, false);
    };
  }

  /** Shows what was said before; of the last turn its traces come by themselves. */
  private recall(history: readonly Said[], last: string | undefined): void {
    const { said, file } = this.visitor.kept;
    this.before = last ? history.filter(({ turnId }) => turnId !== last) : history;
    this.tell({ type: "history", items: itemsOf(this.before) }, false);
    if (last && said != null)
      this.tell({ type: "said", id: `said/${last}`, text: said, ...(file && { file }) }, false);
  }

  /** What was thought of the last turn, whose traces do not tell. */
  private judge(history: readonly Said[], turn: string): void {
    const rating = history.find(said => said.turnId === turn && said.rating)?.rating;
    const item = this.conversation.items.findLast(each => each.kind === "text" && each.turnId === turn);
    if (rating && item) this.tell({ type: "rated", id: item.id, rating }, false);
  }

  private async pump(): Promise<void> {
    if (this.status.busy || !this.status.ready) return;
    const next = this.queue.shift();
    if (!next) return;
    const said = this.conversation.items.find(item => item.id === next.id);
    await this.follow(
      "",
      said?.kind === "user" ? { said: said.text, file: said.file } : { said: undefined, file: undefined },
      next,
    );
    void this.pump();
  }

  /** Takes a turn, or goes on with one, to its end. */
  private async follow(known: string, about: Pick<Kept, "said" | "file">, sent?: Sending): Promise<void> {
    const control = new AbortController();
    const whole = this.control.signal;
    const signal = AbortSignal.any([whole, control.signal]);
    this.turn = control;
    const { hidden } = this.status;
    // What comes after it stands behind it: its rest is not put in between.
    if (hidden && hidden.turnId !== known) this.tell({ type: "turn-ended", turnId: hidden.turnId });
    this.set({ busy: true, wait: 0, hidden: undefined });
    let turnId = known;
    let seen = known && hidden ? hidden.seen : null;
    const fresh = !known || seen !== null;
    if (known) this.tell({ type: "turn-began", turnId });
    try {
      const events = takeTurn({
        ...{ server: this.server, turnId, seen, signal, onWait: this.wait },
        begin: () => this.take(sent as Sending, signal),
        onBegan: id => {
          turnId = id;
          this.visitor.keep({ talked: true, turn: id, ...about });
          this.set({ problem: undefined });
          this.tell({ type: "turn-began", turnId });
        },
        onBroken: broken => this.broken(broken),
      });
      for await (const { data, id } of events) {
        const trace = JSON.parse(data) as Trace;
        seen = id;
        this.tell({ type: "trace", turnId, id, trace });
        this.note(trace, fresh);
      }
    } catch (error) {
      if (!signal.aborted) {
        if (sent) {
          this.failed.set(sent.id, sent);
          this.tell({ type: "not-sent", id: sent.id });
        }
        if (!known) await this.fail(error);
      }
    }
    // Another visitor's conversation is shown by now.
    if (whole.aborted) return;
    this.broken(false);
    const isHidden = control.signal.aborted && turnId !== "";
    if (!isHidden) this.tell({ type: "turn-ended", turnId });
    this.turn = undefined;
    this.set({ busy: false, wait: 0, hidden: isHidden ? { turnId, seen } : undefined });
  }

  private take({ action, key }: Sending, signal: AbortSignal): Promise<Response> {
    const { variables } = this;
    const versionId = this.launcher.element.getAttribute("version") ?? "production";
    return this.server.conversation("interact/stream", {
      method: "POST",
      headers: { "Content-Type": "application/json", "Idempotency-Key": key },
      body: JSON.stringify({ action, versionId, ...(variables && { variables }) }),
      signal,
    });
  }

  private readonly wait = (wait: number) => this.set({ wait });

  /** Something happened between two turns. */
  private heard(trace: Trace, id: string): void {
    if (isKnown(trace, this.before, this.conversation.items)) return;
    this.tell({ type: "trace", turnId: "events", id: `event/${id}`, trace });
    this.note(trace, true);
  }

  private note(trace: Trace, fresh: boolean): void {
    if (trace.type === "handoff") {
      const { target, person } = trace.payload as { target: string; person?: { name: string } };
      this.set({ person: target === "agent" ? undefined : (person?.name ?? this.status.person) });
    }
    this.onTrace(trace, fresh);
  }

  private breaking: ReturnType<typeof setTimeout> | undefined;

  private broken(is: boolean): void {
    if (!is) {
      clearTimeout(this.breaking);
      this.breaking = undefined;
      if (this.status.broken) this.set({ broken: false });
    } else this.breaking ??= setTimeout(() => this.set({ broken: true }), BRIEF);
  }

  private async fail(error: unknown): Promise<void> {
    let { code, message } = error instanceof Refused ? error : { code: UNREACHABLE, message: "" };
    // A page that is not allowed gets no answer at all: the browser keeps it from us.
    if (code === UNREACHABLE && navigator.onLine && (await this.server.isThere())) code = NOT_HERE;
    if (code === "UNAUTHORIZED" && /origin/.test(message)) code = NOT_HERE;
    this.set({ problem: { code, message }, ready: this.status.ready });
    this.launcher.tell("error", { code, message });
  }
}

function sending(action: Action): Sending {
  const id = crypto.randomUUID?.() ?? `${Math.random()}`;
  return { id, action, key: id };
}

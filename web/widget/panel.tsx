import { render } from "preact";
import { type Props, Root } from "./app";
import { setColours } from "./colour";
import type { Action, Calls, Kept, Launcher } from "./contract";
import { Server } from "./server";
import STYLE from "./styles.css?inline";
import { Talk } from "./talk";
import { showUnread } from "./unread";
import { Visitor } from "./visitor";
import { language } from "./words";

const NARROW = matchMedia("(max-width: 480px)");

/** Puts the panel beside the launcher, shut but in the modes `inline` and `page`. */
export async function mount(launcher: Launcher, kept: Kept): Promise<Calls> {
  const { element, root, button, tell } = launcher;
  const spoken = await language(element);
  // Where the page does not say it, the launcher is on the same side as the panel.
  element.dir ||= spoken.dir;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const place = document.createElement("div");
  place.className = "place";
  root.append(place);

  const visitor = new Visitor(element, kept);
  const server = new Server(launcher.host, visitor);
  const talk = new Talk(launcher, server, visitor);
  const mode = button ? "bubble" : (element.getAttribute("mode") ?? "inline");
  let open = false;
  let title = spoken.words("chat");
  let unread = 0;
  let inert: Element[] = [];
  let asked = false;

  const props = (): Props => ({
    ...{ talk, server, visitor, title, mode, open },
    language: spoken,
    modal: mode === "bubble" && NARROW.matches,
    onClose: calls.close,
  });
  const draw = () => talk.onChange();

  /** The rest of the page is out of reach behind a panel that covers it. */
  const cover = () => {
    for (const each of inert) each.removeAttribute("inert");
    inert = [];
    if (!(open && mode === "bubble" && NARROW.matches)) return;
    for (let at: Element | null = element; at && at !== document.documentElement; at = at.parentElement)
      for (const other of at.parentElement?.children ?? [])
        if (other !== at && !other.hasAttribute("inert") && !/^(HEAD|SCRIPT|STYLE)$/.test(other.tagName)) {
          other.setAttribute("inert", "");
          inert.push(other);
        }
  };
  NARROW.addEventListener("change", cover);
  const count = (next: number) => {
    unread = next;
    showUnread(launcher, next);
  };
  const introduce = async () => {
    if (asked) return;
    asked = true;
    try {
      const project = await (await server.ask("project")).json();
      title = project.widget?.title || project.name || title;
      await setColours(element, project.widget?.color);
      draw();
    } catch {
      // What comes next says why.
      asked = false;
    }
  };
  const begin = () => {
    void introduce();
    void talk.begin();
  };

  talk.onTrace = (trace, fresh) => {
    tell("trace", trace);
    const { type } = trace;
    if (type === "handoff") tell("handoff", trace.payload);
    if (fresh && /^(text|completion-end|image|video|audio|file|card|carousel)$/.test(type)) {
      tell("message", trace);
      if (!open) count(unread + 1);
    }
  };

  const calls: Calls = {
    open(how = {}) {
      if (open) return;
      const quiet = how.quiet === true;
      // By itself it never covers the page.
      if (quiet && NARROW.matches) {
        if (kept.talked) begin();
        return;
      }
      open = true;
      begin();
      visitor.keep({ open: mode === "bubble", greeted: true });
      root.querySelector(".teaser")?.remove();
      button?.setAttribute("aria-expanded", "true");
      count(0);
      cover();
      draw();
      if (!quiet && mode === "bubble") setTimeout(() => root.querySelector("textarea")?.focus(), 50);
      tell("open");
    },
    close() {
      if (!open || mode !== "bubble") return;
      open = false;
      visitor.keep({ open: false });
      button?.setAttribute("aria-expanded", "false");
      cover();
      draw();
      const { activeElement } = root;
      if (activeElement) button?.focus();
      tell("close");
    },
    toggle() {
      if (open) calls.close();
      else calls.open();
    },
    send(what: string | Action) {
      begin();
      if (typeof what === "string") talk.send({ type: "text", payload: what }, what);
      else talk.send(what);
    },
    identify({ userId, hash }) {
      if (userId === visitor.userId && (hash ?? null) === visitor.hash) return;
      visitor.forget(userId, hash ?? null);
      talk.restart();
      if (open) begin();
    },
    set({ variables }) {
      talk.setVariables(variables);
    },
    reset() {
      visitor.forget();
      talk.restart();
      count(0);
      if (open) begin();
    },
    destroy() {
      open = false;
      cover();
      NARROW.removeEventListener("change", cover);
      talk.end();
      render(null, place);
      place.remove();
    },
  };
  await setColours(element);
  render(<Root talk={talk} props={props} />, place);
  if (mode !== "bubble") calls.open();
  tell("ready");
  return calls;
}

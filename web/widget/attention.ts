import type { Kept, Launcher } from "./contract";
import { showUnread } from "./unread";
import { Visitor } from "./visitor";

/** What the launcher lets others do with it. */
export interface Doing {
  readonly call: (what: ["open", { quiet: boolean }?]) => void;
  readonly load: () => void;
  /** Ends with the element. */
  readonly signal: AbortSignal;
}

const STYLE = `.teaser{position:fixed;z-index:var(--cdt-z,2147483000);inset-block-end:calc(var(--y,20px) + 68px);
inset-inline-end:var(--x,20px);max-inline-size:min(280px,100vw - 40px);display:flex;align-items:start;
border-radius:var(--cdt-radius,12px);font:14px/20px var(--cdt-font,system-ui,sans-serif);
background:var(--cdt-surface,light-dark(#fff,oklch(.235 .01 265)));
color:var(--cdt-text,light-dark(oklch(.215 .012 265),oklch(.95 .004 265)));box-shadow:0 4px 16px rgb(0 0 0/.2)}
.teaser button{padding:12px;border:0;background:none;color:inherit;font:inherit;text-align:start;cursor:pointer}
.teaser :focus-visible{outline:2px solid oklch(.6 .2 265);outline-offset:-2px}.teaser.start{inset-inline:var(--x,20px) auto}
@media(forced-colors:active){.teaser{border:1px solid}}`;

/** What calls attention to the launcher: a person's answer meanwhile, a greeting, rules by which it opens by itself. */
export function attend(launcher: Launcher, kept: Kept, doing: Doing): void {
  if (kept.talked && !kept.open) look(launcher, kept, doing).catch(() => undefined);
  if (kept.greeted) return;
  rules(launcher, kept, doing);
  greet(launcher, kept, doing);
}

/** Whether somebody has written meanwhile to a visitor who is known. */
async function look(launcher: Launcher, kept: Kept, { load, signal }: Doing): Promise<void> {
  const { element, host } = launcher;
  const get = (name: string) => element.getAttribute(name);
  const headers: Record<string, string> = { Authorization: `Bearer ${get("key")}` };
  if (kept.seen) headers["Last-Event-ID"] = `${kept.seen}`;
  const hash = get("user-hash");
  if (hash) headers["X-User-Hash"] = hash;
  const user = encodeURIComponent(get("user-id") ?? kept.id ?? "");
  const enough = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  const answer = await fetch(`${host}/api/v1/conversations/${user}/events`, { headers, signal: enough });
  const reader = answer.body?.getReader();
  let heard = "";
  while (reader && answer.ok) {
    const { value, done } = await reader.read();
    if (done) return;
    heard += new TextDecoder().decode(value);
    const unread = heard.match(/^id: /gm)?.length ?? 0;
    if (!unread) continue;
    void reader.cancel();
    showUnread(launcher, unread);
    return load();
  }
}

/** Opens it once, where and when the page's rules say. */
function rules({ element, button }: Launcher, kept: Kept, { call, signal }: Doing): void {
  const get = (name: string) => element.getAttribute(name);
  const where = (get("open-on") ?? "*").split("*").map(part => part.replace(/[^\w/]/g, "\\$&"));
  if (!new RegExp(`^${where.join(".*")}$`).test(location.pathname)) return;
  const open = () => {
    if (signal.aborted || kept.greeted || button?.ariaExpanded === "true") return;
    new Visitor(element, kept).keep({ greeted: true });
    call(["open", { quiet: true }]);
  };
  const seconds = get("open-after");
  if (seconds !== null) setTimeout(open, Number(seconds) * 1000);
  const depth = Number(get("open-scroll"));
  const look = () => {
    const { scrollHeight } = document.documentElement;
    if (((scrollY + innerHeight) / scrollHeight) * 100 >= depth) open();
  };
  if (depth) addEventListener("scroll", look, { passive: true, signal });
}

/** Says something beside the launcher, until it is closed or taken up. */
function greet({ element, root, button }: Launcher, kept: Kept, { call, signal }: Doing): void {
  const greeting = element.getAttribute("greeting");
  if (!greeting) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  const teaser = document.createElement("div");
  teaser.className = element.getAttribute("position") === "start" ? "teaser start" : "teaser";
  const make = (text: string) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.dir = "auto";
    teaser.append(made);
    return made;
  };
  const say = make(greeting);
  const close = make("✕");
  close.setAttribute("aria-label", `✕ ${greeting}`);
  const away = () => {
    new Visitor(element, kept).keep({ greeted: true });
    teaser.remove();
  };
  say.onclick = () => {
    away();
    call(["open"]);
  };
  close.onclick = () => {
    away();
    button?.focus();
  };
  const show = () => {
    if (!signal.aborted && !kept.greeted && button?.ariaExpanded !== "true") root.append(teaser);
  };
  setTimeout(show, Number(element.getAttribute("greeting-delay")) * 1000);
}

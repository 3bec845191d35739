import type { Calls, EventName, Kept, Launcher } from "./contract";

/** The panel's file, and that of what calls attention to it: their names say what is in them. */
declare const __PANEL__: string;
declare const __ATTENTION__: string;

const page = document;
const script = (page.currentScript ??
  page.querySelector('script[src$="/widget.js"]')) as HTMLScriptElement | null;
const host = script ? script.src.replace(/\/[^/]*$/, "") : location.origin;
/** "Chat" where it is written otherwise. */
const LABELS = "plCzat trSohbet arدردشة heצ׳אט hiचैट jaチャット ko채팅 zh聊天".split(" ");
const STYLE = `.launcher{position:fixed;z-index:var(--cdt-z,2147483000);inset-block-end:var(--y,20px);inset-inline-end:var(--x,20px);
width:56px;height:56px;padding:14px;border:1px solid #0000;border-radius:50%;cursor:pointer;
background:var(--cdt-accent,var(--_accent,oklch(.5 .19 265)));color:var(--_on,var(--cdt-on-accent,#fff))}
.launcher:focus-visible{outline:2px solid oklch(.6 .2 265);outline-offset:2px}
.launcher svg{fill:none;stroke:currentColor;stroke-width:1.75;stroke-linejoin:round}
:host([position=start]) .launcher{inset-inline-start:var(--x,20px)}`;

type Call = [method: keyof Calls, ...given: unknown[]];
const waiting: Call[] = [];
let current: Chat | undefined;

class Chat extends HTMLElement {
  // Declared for those who read: what is written here too is in every page that has the widget.
  declare private panel: Calls | undefined;
  declare private loading: unknown;
  declare private ends?: AbortController;

  connectedCallback() {
    // As on the tag, for frameworks that keep names like `key` for themselves.
    for (const { name, value } of [...this.attributes])
      if (/^data-/.test(name)) this.setAttribute(name.slice(5), value);
    const get = (name: string) => this.getAttribute(name);
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren();
    get("offset")
      ?.split(",")
      .forEach((each, at) => {
        if (each) this.style.setProperty(at ? "--y" : "--x", `${Number.parseInt(each, 10)}px`);
      });
    const persist = get("persist");
    let kept: Kept = {};
    try {
      if (persist !== "none")
        kept = JSON.parse(
          (persist === "session" ? sessionStorage : localStorage)[`conduet:${get("key")}`] ?? "{}",
        );
    } catch {
      // The browser keeps nothing for this page.
    }

    const button = /inline|page/.test(get("mode") as string) ? undefined : page.createElement("button");
    const language = (get("lang") || page.documentElement.lang || navigator.language).slice(0, 2);
    const label = LABELS.find(each => each.startsWith(language))?.slice(2) ?? "Chat";
    const launcher: Launcher = {
      element: this,
      root,
      host,
      button,
      label,
      tell: (event: EventName, detail?: unknown) =>
        this.dispatchEvent(new CustomEvent(`conduet:${event}`, { detail, bubbles: true, composed: true })),
    };
    this.panel = this.loading = undefined;
    this.ends = new AbortController();
    const { signal } = this.ends;
    const load = () => {
      this.loading ??= import(`${host}/widget/${__PANEL__}`).then(
        async ({ mount }: typeof import("./panel")) => {
          const panel = await mount(launcher, kept);
          if (signal.aborted) return panel.destroy();
          this.panel = panel;
          if (current === this) for (const each of waiting.splice(0)) this.call(each);
        },
        () => {
          this.loading = undefined;
          launcher.tell("error", { code: "NOT_LOADED" });
        },
      );
    };
    this.load = load;
    current = this;
    for (const each of waiting.splice(0)) this.call(each);
    if (!button) return load();

    const [drawing, path] = ["svg", "path"].map(each =>
      page.createElementNS("http://www.w3.org/2000/svg", each),
    ) as unknown as [Element, Element];
    drawing.setAttribute("viewBox", "0 0 24 24");
    path.setAttribute("d", "M4 4h16v12H9l-5 4z");
    drawing.append(path);
    button.append(drawing);
    button.className = "launcher";
    button.part = "launcher";
    button.ariaExpanded = "false";
    button.onpointerenter = button.onfocus = load;
    button.onclick = () => this.call(["toggle"]);
    button.ariaLabel = label;
    root.append(button);
    if (get("open") !== null || kept.open) this.call(["open", { quiet: true }]);
    else if (kept.talked || /greeting|open-/.test(this.getAttributeNames().join()))
      // A page may be busy for good: a greeting is not for ever too early. `setTimeout` takes no such object for a time.
      ((self.requestIdleCallback ?? setTimeout) as typeof requestIdleCallback)(
        async () => {
          const { attend }: typeof import("./attention") = await import(`${host}/widget/${__ATTENTION__}`);
          if (!signal.aborted) attend(launcher, kept, { call: each => this.call(each), load, signal });
        },
        { timeout: 2e3 },
      );
  }

  disconnectedCallback() {
    this.ends?.abort();
    this.panel?.destroy();
    if (current === this) current = undefined;
  }

  /** Does it, as soon as the panel is there; what is asked for loads it. */
  call(asked: Call): void {
    const [method, ...given] = asked;
    if (method === "destroy") this.remove();
    else if (this.panel) (this.panel[method] as (...all: unknown[]) => void)(...given);
    else {
      waiting.push(asked);
      if (/open|to|send/.test(method)) this.load();
    }
  }

  private load = () => {};
}

const named = (event: string) => `conduet:${event}`;
const api: Record<string, (...given: never[]) => void> = {
  on: (event: string, listener: EventListener) => page.addEventListener(named(event), listener),
  off: (event: string, listener: EventListener) => page.removeEventListener(named(event), listener),
};
for (const name of "open close toggle send identify set reset destroy".split(" ") as Call[0][])
  api[name] = (...given) => (current ? current.call([name, ...given]) : waiting.push([name, ...given]));
// A page that is made anew may ask for it again.
if (!customElements.get("conduet-chat")) {
  // An array there holds calls that were made before: [["open"], ["send", "Hello"]].
  const before = (self as { Conduet?: unknown }).Conduet;
  Object.assign(self, { Conduet: api });
  if (Array.isArray(before)) for (const [name, ...given] of before) api[name]?.(...(given as never[]));
  customElements.define("conduet-chat", Chat);
}
if (script?.dataset.key && !page.querySelector("conduet-chat[data-key]")) {
  const element = page.createElement("conduet-chat");
  Object.assign(element.dataset, script.dataset);
  // In a head, without `defer`, there is no body yet.
  (page.body ?? page.documentElement).append(element);
}

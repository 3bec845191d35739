import type { Launcher } from "./contract";

/** Shows at the launcher how many messages nobody has seen, and tells the page. */
export function showUnread({ button, root, label, tell }: Launcher, count: number): void {
  tell("unread", { count });
  if (!button) return;
  let badge = root.querySelector<HTMLElement>(".count");
  if (!badge) {
    badge = document.createElement("span");
    badge.className = "count";
    button.append(badge);
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  }
  badge.textContent = count ? `${count}` : "";
  button.ariaLabel = count ? `${label} (${count})` : label;
}

const STYLE = `.count{position:absolute;inset-block-start:-4px;inset-inline-end:-4px;min-inline-size:20px;
border-radius:10px;background:oklch(.5 .19 27);color:#fff;font:600 12px/20px system-ui}.count:empty{display:none}`;

import { t } from "@ui/words";
import type { Config } from "./data";

/** How the widget looks and behaves, as the configuration of a `web` deployment has it. */
export interface Look {
  readonly slug?: string | null;
  readonly title?: string | null;
  readonly indexed?: boolean;
  readonly accent?: string | null;
  readonly theme?: "auto" | "light" | "dark";
  readonly lang?: string | null;
  readonly position?: "end" | "start";
  readonly greeting?: string | null;
  readonly greetingDelay?: number | null;
  readonly open?: boolean;
}

/** The attributes of the widget that a look makes; what is as usual is left out. `""`: it is there, without a value. */
export function attributesOf(look: Look, versionId = "production"): Readonly<Record<string, string>> {
  const { greeting, greetingDelay, lang, open, position, theme } = look;
  return {
    ...(versionId !== "production" && { version: versionId }),
    ...(greeting && { greeting }),
    ...(greeting && greetingDelay && { "greeting-delay": `${greetingDelay}` }),
    ...(theme && theme !== "auto" && { theme }),
    ...(lang && { lang }),
    ...(position && position !== "end" && { position }),
    ...(open && { open: "" }),
  };
}

/** The lines of HTML that put the widget on a page. */
export function snippetOf(key: string, look: Look, versionId?: string, host = location.origin): string {
  const attributes = [
    `src="${host}/widget.js"`,
    `data-key="${escaped(key || "cdt_…")}"`,
    ...Object.entries(attributesOf(look, versionId)).map(([name, value]) =>
      value ? `data-${name}="${escaped(value)}"` : `data-${name}`,
    ),
    "defer",
  ];
  const accent =
    look.accent &&
    t("<style>conduet-chat { --cdt-accent: %{escaped} }</style>\n", { escaped: escaped(look.accent) });
  return t("%{value}<script %{join}></script>", { value: accent || "", join: attributes.join(" ") });
}

/** A merge patch that makes one look of another: what was emptied is taken back. */
export function patchOf(before: Look, after: Look): Config {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof Look>;
  const changed = [...names].filter(name => before[name] !== after[name]);
  return Object.fromEntries(changed.map(name => [name, after[name] ?? null]));
}

/** An address for a chat page that nobody guesses. */
export function suggestedSlug(project: string): string {
  const letters = "abcdefghjkmnpqrstuvwxyz23456789";
  const random = crypto.getRandomValues(new Uint8Array(10));
  const end = Array.from(random, byte => letters[byte % letters.length]).join("");
  const begin = project
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return `${begin || "chat"}-${end}`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

export interface WidgetSettings {
  readonly key?: string;
  readonly greeting?: string;
  readonly theme?: "auto" | "light" | "dark";
  readonly position?: "end" | "start";
  readonly open?: boolean;
}

/** The line of HTML that puts the widget on a page; what is as usual is left out. */
export function snippetOf(settings: WidgetSettings, host = location.origin): string {
  const { key, greeting, theme, position, open } = settings;
  const attributes = [
    `src="${host}/widget.js"`,
    `data-key="${escaped(key || "cdt_…")}"`,
    greeting && `data-greeting="${escaped(greeting)}"`,
    theme && theme !== "auto" && `data-theme="${theme}"`,
    position && position !== "end" && `data-position="${position}"`,
    open && "data-open",
    "defer",
  ];
  return `<script ${attributes.filter(Boolean).join(" ")}></script>`;
}

const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { useEffect, useRef } from "react";
import { attributesOf, type Look } from "./look";

export interface WidgetPreviewProps {
  readonly chatKey: string;
  readonly versionId: string;
  readonly look: Look;
  /** As it is on the chat page, or as a launcher on somebody's own page. */
  readonly as: "page" | "launcher";
}

/** Somebody who is typing is not interrupted by a chat that begins anew with each letter. */
const PAUSE_MS = 400;

/** The widget itself, as it is for a visitor. It remembers nothing, counts nowhere, and begins anew with each setting. */
export function WidgetPreview({ chatKey, versionId, look, as }: WidgetPreviewProps) {
  const place = useRef<HTMLDivElement>(null);
  const { accent } = look;
  const attributes = JSON.stringify({
    ...attributesOf(look, versionId),
    key: chatKey,
    mode: as === "page" ? "inline" : "bubble",
    persist: "none",
  });
  const shown = useRef<string>(undefined);
  useEffect(() => {
    const show = () => {
      shown.current = attributes;
      load();
      const chat = document.createElement("conduet-chat");
      for (const [name, value] of Object.entries(JSON.parse(attributes) as Record<string, string>))
        chat.setAttribute(name, value);
      // By this name the server knows that it is one, from whoever is signed in here.
      chat.setAttribute("user-id", `preview-${crypto.randomUUID()}`);
      chat.style.setProperty("block-size", "100%");
      if (accent) chat.style.setProperty("--cdt-accent", accent);
      place.current?.replaceChildren(chat);
    };
    if (shown.current === undefined) {
      show();
      return;
    }
    const timer = setTimeout(show, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [attributes, accent]);
  return (
    // What is fixed to the window on a page is fixed to this frame here.
    <section
      aria-label={t("Preview")}
      className={cx(
        "relative h-[min(788px,100dvh)] transform-gpu overflow-hidden rounded-panel",
        as === "launcher" && "border border-line bg-sunken",
      )}
    >
      {as === "launcher" && <SomePage />}
      <div ref={place} className={as === "page" ? "h-full" : undefined} />
      {/* Where one writes in it, or opens it. */}
      <div data-composer className="pointer-events-none absolute inset-x-0 bottom-0 h-20" />
    </section>
  );
}

/** Stands for the page that the widget is on. */
function SomePage() {
  return (
    <div aria-hidden="true" className="flex flex-col gap-4 p-8">
      <div className="h-6 w-1/3 rounded-control bg-hover" />
      {["w-full", "w-11/12", "w-4/5", "w-2/3"].map(width => (
        <div key={width} className={`h-3 rounded-tag bg-hover ${width}`} />
      ))}
      <div className="h-40 w-2/3 rounded-card bg-hover" />
    </div>
  );
}

/** Defines `<conduet-chat>`, once. */
function load(): void {
  if (document.querySelector('script[src="/widget.js"]')) return;
  const script = document.createElement("script");
  script.src = "/widget.js";
  document.head.append(script);
}

import { copyText } from "@ui/copy-button";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type ReactNode, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { create } from "zustand";
import { useCommands } from "../commands";
import { useWaiting } from "../live/waiting";

/** A step of the breadcrumb after the page's own. */
interface PlaceState {
  readonly title: string;
  readonly item: string | undefined;
  readonly set: (title: string, item: string | undefined) => void;
}

export const usePlace = create<PlaceState>(set => ({
  title: "",
  item: undefined,
  set: (title, item) => set({ title, item }),
}));

/** Where a page's actions stand in the top bar. */
export const ACTIONS = "page-actions";

export interface PageProps {
  readonly title: string;
  /** What of it is open: a document's name. */
  readonly item?: string;
  /** Buttons for the top bar. */
  readonly actions?: ReactNode;
  /** The address of the API that answers with the same: the command menu then copies it as curl. */
  readonly api?: string;
  /** Takes the whole height and scrolls inside: a canvas, panes. */
  readonly fill?: boolean;
  readonly children: ReactNode;
}

/** One page inside the frame: its name in the tab and the breadcrumb, its actions in the top bar. */
export function Page({ title, item, actions, api, fill, children }: PageProps) {
  const set = usePlace(state => state.set);
  useEffect(() => set(title, item), [set, title, item]);
  useCommands(
    api
      ? [
          {
            id: "copy-curl",
            label: t("Copy this page as curl"),
            group: t("Page"),
            find: t("api request"),
            run: () => copyCurl(api),
          },
        ]
      : [],
  );
  const waiting = useWaiting(state => state.inbox + state.outbound);
  const [bar, setBar] = useState<HTMLElement | null>(null);
  useEffect(() => setBar(document.getElementById(ACTIONS)), []);
  return (
    <>
      <title>
        {t("%{value}%{value2}%{title} · Conduet", {
          value: waiting > 0 ? `(${waiting}) ` : "",
          value2: item ? `${item} · ` : "",
          title,
        })}
      </title>
      {bar && createPortal(actions, bar)}
      <h1 className="sr-only">{item ?? title}</h1>
      {fill ? (
        <div className="flex h-full min-h-0 flex-col">{children}</div>
      ) : (
        <div className="mx-auto w-full max-w-5xl px-4 py-6 md:px-6">{children}</div>
      )}
    </>
  );
}

async function copyCurl(path: string): Promise<void> {
  const command = t("curl -H \"Authorization: Bearer $CONDUET_TOKEN\" '%{origin}%{path}'", {
    origin: location.origin,
    path,
  });
  if (await copyText(command)) {
    toast(t("Copied as curl"), { description: t("It takes a developer token from CONDUET_TOKEN.") });
  }
}

import { api, type Schema, sent } from "@client/api";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { cx } from "@ui/cx";
import { ITEM, POPUP } from "@ui/popup";
import { t } from "@ui/words";
import { type KeyboardEvent, useState } from "react";

export type Saved = Schema<"ShownSavedReply">;

/** Replies that the project has ready, by name. */
export const savedQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "saved-replies"],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/saved-replies", { params: { path: { projectId } }, signal }),
      ),
  });

const MOST = 8;

/** What a draft of `/` and a few letters finds, and the keys that choose of it. */
export function useSaved(projectId: string, draft: string, onChoose: (text: string) => void) {
  const asked = /^\/[^\n]*$/.test(draft);
  const { data = [] } = useQuery({ ...savedQuery(projectId), enabled: asked });
  const [place, setPlace] = useState(0);
  const [closed, setClosed] = useState<string>();
  const word = draft.slice(1).trim().toLowerCase();
  const found = asked
    ? data.filter(each => `${each.name} ${each.text}`.toLowerCase().includes(word)).slice(0, MOST)
    : [];
  const at = Math.min(place, Math.max(0, found.length - 1));
  const open = asked && closed !== draft;
  const choose = (index: number) => {
    const chosen = found[index];
    if (chosen) onChoose(chosen.text);
    setPlace(0);
  };
  const press = (event: KeyboardEvent): boolean => {
    if (!open) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setPlace((at + step + found.length) % found.length);
    else if (event.key === "Enter" && !event.metaKey && !event.ctrlKey && found.length > 0) choose(at);
    else if (event.key === "Escape") setClosed(draft);
    else return false;
    event.preventDefault();
    return true;
  };
  return { open, found, at, choose, press };
}

export const optionId = (list: string, index: number) => `${list}-${index}`;

/** The saved replies that were found, above the draft. */
export function SavedList({
  id,
  saved: { found, at, choose },
}: {
  readonly id: string;
  readonly saved: ReturnType<typeof useSaved>;
}) {
  return (
    <div className={cx(POPUP, "absolute inset-x-3 bottom-full z-10 mb-1 max-h-64 overflow-y-auto p-1")}>
      <p role="status" className={found.length > 0 ? "sr-only" : "p-2 text-dense text-text-2"}>
        {found.length > 0
          ? t("%{found} saved replies", { found: found.length })
          : t("No saved reply is like that.")}
      </p>
      <div id={id} role="listbox" aria-label={t("Saved replies")}>
        {found.map((each, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the draft has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the draft
          <div
            key={each.id}
            id={optionId(id, index)}
            role="option"
            aria-selected={index === at}
            className={cx(ITEM, index === at && "bg-hover")}
            onMouseDown={event => event.preventDefault()}
            onClick={() => choose(index)}
          >
            <span className="shrink-0 font-medium">{each.name}</span>
            <span className="min-w-0 truncate text-dense text-text-2">{each.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}

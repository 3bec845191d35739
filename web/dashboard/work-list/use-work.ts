import { useCommands } from "@dashboard/commands";
import { t } from "@ui/words";
import { useEffect, useMemo, useRef, useState } from "react";
import type { Pages } from "./list";

export interface WorkOptions<Item> {
  /** What one of them is: "conversation". */
  readonly what: string;
  /** Under what the keys are listed. */
  readonly group: string;
  /** Another list begins with nothing chosen. */
  readonly list: string;
  readonly pages: Pages;
  readonly items: readonly Item[];
  readonly idOf: (item: Item) => string;
  /** What a filter looks through. */
  readonly textOf: (item: Item) => string;
  readonly find: string;
  readonly opened: string | undefined;
  readonly onOpen: (id: string) => void;
  /** Whether something can be done with several at once. */
  readonly chooses: boolean;
}

export interface Choices {
  /** Those that are chosen and still there, in the list's order. */
  readonly chosen: readonly string[];
  readonly choose: (id: string) => void;
  readonly clear: () => void;
}

export interface Work<Item> extends Choices {
  /** What the filter leaves. */
  readonly shown: readonly Item[];
}

/** The field that filters a list; `F` leads to it. */
export const FILTER = "work-filter";

/** Works through a list by keys: `J` `K` open the next and the former, `X` `⇧X` choose one and up to one, `F` filters. */
export function useWork<Item>(options: WorkOptions<Item>): Work<Item> {
  const { what, group, list, pages, items, idOf, textOf, find, opened, onOpen, chooses } = options;
  const wanted = find.trim().toLowerCase();
  const shown = wanted ? items.filter(item => textOf(item).toLowerCase().includes(wanted)) : items;
  const ids = shown.map(idOf);
  useRest(pages, wanted !== "");
  const walk = useWalk(ids, opened, onOpen);
  const choices = useChoices({ what, group, list, ids, opened, chooses });
  useCommands([
    { id: "work-next", label: t("Next %{what}", { what }), group, keys: "j", run: () => walk(1) },
    { id: "work-former", label: t("Former %{what}", { what }), group, keys: "k", run: () => walk(-1) },
    {
      id: "work-filter",
      label: t("Filter %{what}s", { what }),
      group,
      keys: "f",
      run: () => document.getElementById(FILTER)?.focus(),
    },
  ]);
  return { shown, ...choices };
}

interface ChoiceOptions extends Pick<WorkOptions<unknown>, "what" | "group" | "list" | "chooses"> {
  /** Those that are listed, in their order; the row of each has its `data-id`. */
  readonly ids: readonly string[];
  readonly opened?: string | undefined;
}

/** Chooses rows of a list: `X` the one that one is in or that is open, `⇧X` all up to it, `Esc` none any more. */
export function useChoices({ what, group, list, ids, opened, chooses }: ChoiceOptions): Choices {
  const { chosen, choose, chooseTo, clear } = useChosen(list, ids);
  const act = (run: (id: string) => void) => () => {
    const row = document.activeElement?.closest<HTMLElement>("[data-id]")?.dataset.id;
    const id = row !== undefined && ids.includes(row) ? row : opened;
    if (id !== undefined) run(id);
  };
  useCommands([
    ...(chosen.length > 0
      ? [{ id: "work-clear", label: t("Clear what is chosen"), group, keys: "escape", run: clear }]
      : []),
    ...(chooses
      ? [
          { id: "work-choose", label: t("Choose %{what}", { what }), group, keys: "x", run: act(choose) },
          {
            id: "work-range",
            label: t("Choose up to this %{what}", { what }),
            group,
            keys: "shift+x",
            run: act(chooseTo),
          },
        ]
      : []),
  ]);
  return { chosen, choose, clear };
}

/** A filter looks through all there is: the rest is loaded for it. */
function useRest(pages: Pages, filters: boolean): void {
  const { hasNextPage, isFetchingNextPage, isError, fetchNextPage } = pages;
  useEffect(() => {
    if (filters && hasNextPage && !isFetchingNextPage && !isError) void fetchNextPage();
  }, [filters, hasNextPage, isFetchingNextPage, isError, fetchNextPage]);
}

function useWalk(ids: readonly string[], opened: string | undefined, onOpen: (id: string) => void) {
  const found = opened === undefined ? -1 : ids.indexOf(opened);
  // One that has left the list leaves its place: the next is whatever has come there.
  const place = useRef(-1);
  if (found >= 0) place.current = found;
  return (step: 1 | -1) => {
    const from = found >= 0 ? found : step > 0 ? place.current - 1 : place.current;
    const next = ids[Math.max(0, opened === undefined ? 0 : from + step)];
    if (next !== undefined && next !== opened) onOpen(next);
  };
}

function useChosen(list: string, ids: readonly string[]) {
  const [kept, setKept] = useState({ list, ids: new Set<string>(), last: "" });
  const is = kept.list === list ? kept.ids : new Set<string>();
  const chosen = useMemo(() => ids.filter(id => is.has(id)), [ids, is]);
  const set = (next: Iterable<string>, last: string) => setKept({ list, ids: new Set(next), last });
  return {
    chosen,
    choose: (id: string) => set(is.has(id) ? chosen.filter(each => each !== id) : [...chosen, id], id),
    chooseTo: (id: string) => {
      const [from, to] = [ids.indexOf(kept.last), ids.indexOf(id)].sort((one, other) => one - other);
      const range = from === undefined || from < 0 ? [id] : ids.slice(from, (to ?? from) + 1);
      set([...chosen, ...range], id);
    },
    clear: () => set([], ""),
  };
}

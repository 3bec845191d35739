import type { TypedAhead } from "@dashboard/frame/typed-ahead";
import { cx } from "@ui/cx";
import { Input } from "@ui/field";
import { t } from "@ui/words";
import { type KeyboardEvent, useDeferredValue, useEffect, useMemo, useState } from "react";

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** More words to find it by. */
  readonly find?: string;
  /** Why it cannot be chosen. */
  readonly refused?: string | undefined;
}

export interface PickListProps {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  readonly onChoose: (id: string) => void;
  /** The one that is pointed at by keys. */
  readonly onWalk?: (id: string) => void;
  /** All that were found; `undefined`: nothing is looked for. */
  readonly onFound?: (ids: readonly string[] | undefined) => void;
  /** As much as there is room for, else a few lines. */
  readonly tall?: boolean;
  /** What was typed before this was there. */
  readonly typed?: TypedAhead;
}

const SHOWN = 100;

/** A field, and what is found by what is typed in it. */
export function PickList(props: PickListProps) {
  const { title, placeholder, choices, onChoose, onWalk, onFound, tall, typed } = props;
  const [find, setFind] = useState("");
  const [index, setIndex] = useState(0);
  const all = useMemo(() => matching(choices, find), [choices, find]);
  const found = all.slice(0, SHOWN);
  const told = useDeferredValue(find.trim() ? all : undefined);
  useEffect(() => onFound?.(told?.map(each => each.id)), [told, onFound]);
  const choose = (chosen: Choice | undefined) => {
    if (chosen && chosen.refused === undefined) onChoose(chosen.id);
  };
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      const next = Math.min(found.length - 1, Math.max(0, index + by));
      setIndex(next);
      const at = found[next];
      if (at) onWalk?.(at.id);
    } else if (event.key === "Enter") {
      event.preventDefault();
      choose(found[index]);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the field and its list
    <div className="flex min-h-0 flex-1 flex-col gap-2" onKeyDown={press}>
      <Input
        autoFocus
        type="search"
        role="combobox"
        aria-expanded="true"
        aria-controls="picker-list"
        aria-activedescendant={found[index] ? `picker-${index}` : undefined}
        aria-label={placeholder}
        placeholder={placeholder}
        value={find}
        onFocus={() => {
          const ahead = typed?.();
          if (ahead) setFind(before => before + ahead);
        }}
        onChange={event => {
          setFind(event.currentTarget.value);
          setIndex(0);
        }}
      />
      <div
        id="picker-list"
        role="listbox"
        aria-label={title}
        tabIndex={-1}
        className={cx("overflow-y-auto", tall ? "min-h-0 flex-1" : "max-h-72")}
      >
        {found.map((each, at) => (
          <div
            key={each.id}
            id={`picker-${at}`}
            role="option"
            tabIndex={-1}
            aria-selected={at === index}
            aria-disabled={each.refused !== undefined}
            onPointerMove={() => setIndex(at)}
            onClick={() => choose(each)}
            onKeyDown={event => event.key === "Enter" && choose(each)}
            className={cx(
              "flex cursor-default flex-col rounded-control px-2 py-1.5",
              at === index && "bg-hover",
            )}
          >
            <span className={cx("truncate text-body", each.refused && "text-text-3")} dir="auto">
              {each.label}
            </span>
            {(each.refused ?? each.hint) && (
              <span className={cx("text-caption text-text-2", !each.refused && "truncate")} dir="auto">
                {each.refused ?? each.hint}
              </span>
            )}
          </div>
        ))}
        {found.length === 0 && <p className="p-2 text-dense text-text-2">{t("Nothing is called so.")}</p>}
      </div>
    </div>
  );
}

/** Those in which every word stands, the ones called so first. */
function matching(choices: readonly Choice[], find: string): readonly Choice[] {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  const phrase = words.join(" ");
  const called = (each: Choice) => (each.label.toLowerCase().includes(phrase) ? 0 : 1);
  return choices
    .filter(each => {
      const text = `${each.label} ${each.hint ?? ""} ${each.find ?? ""}`.toLowerCase();
      return words.every(word => text.includes(word));
    })
    .sort((one, other) => called(one) - called(other));
}

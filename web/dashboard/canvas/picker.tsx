import { cx } from "@ui/cx";
import { Dialog } from "@ui/dialog";
import { Input } from "@ui/field";
import { type KeyboardEvent, type ReactNode, useState } from "react";

export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly hint?: string;
  /** More words to find it by. */
  readonly find?: string;
}

export interface PickerProps {
  readonly title: string;
  readonly placeholder: string;
  readonly choices: readonly Choice[];
  /** What else can be done here. */
  readonly actions?: ReactNode;
  readonly onChoose: (id: string) => void;
  readonly onClose: () => void;
}

/** One of many, found by typing: the step to connect to, the step to go to. */
export function Picker({ title, placeholder, choices, actions, onChoose, onClose }: PickerProps) {
  const [find, setFind] = useState("");
  const [index, setIndex] = useState(0);
  const found = matching(choices, find);
  const press = (event: KeyboardEvent) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      setIndex(at => Math.min(found.length - 1, Math.max(0, at + by)));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = found[index];
      if (chosen) onChoose(chosen.id);
    }
  };
  return (
    <Dialog title={title} open onClose={onClose} actions={actions}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys of the field and its list */}
      <div className="flex flex-col gap-2" onKeyDown={press}>
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
          className="max-h-72 overflow-y-auto"
        >
          {found.map((each, at) => (
            <div
              key={each.id}
              id={`picker-${at}`}
              role="option"
              tabIndex={-1}
              aria-selected={at === index}
              onPointerMove={() => setIndex(at)}
              onClick={() => onChoose(each.id)}
              onKeyDown={event => event.key === "Enter" && onChoose(each.id)}
              className={cx(
                "flex cursor-default flex-col rounded-control px-2 py-1.5",
                at === index && "bg-hover",
              )}
            >
              <span className="truncate text-body" dir="auto">
                {each.label}
              </span>
              {each.hint && (
                <span className="truncate text-caption text-text-2" dir="auto">
                  {each.hint}
                </span>
              )}
            </div>
          ))}
          {found.length === 0 && <p className="p-2 text-dense text-text-2">Nothing is called so.</p>}
        </div>
      </div>
    </Dialog>
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
    .sort((one, other) => called(one) - called(other))
    .slice(0, 100);
}

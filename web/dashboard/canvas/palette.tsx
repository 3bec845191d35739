import { cx } from "@ui/cx";
import { Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { Frame, type LucideIcon, StickyNote } from "lucide-react";
import { type KeyboardEvent, useMemo, useRef, useState } from "react";
import type { StepType } from "../data/schema";
import { titleOf } from "../editing/flow";
import { kindOf, type NoteKind } from "../editing/notes";
import { canFollow } from "../editing/refusing";
import { DRAGGED } from "./canvas";
import { familyOf, ORDER } from "./family";
import { recentTypes } from "./recent";

const NOTES = [
  { kind: "note", icon: StickyNote, find: t("note text comment documentation") },
  { kind: "frame", icon: Frame, find: t("frame box group title documentation") },
] as const satisfies readonly { kind: NoteKind; icon: LucideIcon; find: string }[];
const NOTE = "note:";

/** The note or frame that is dragged onto the canvas, where it is no step. */
export function noteIn(dragged: string): NoteKind | undefined {
  return NOTES.find(each => dragged === NOTE + each.kind)?.kind;
}

export interface PaletteProps {
  readonly types: ReadonlyMap<string, StepType>;
  readonly onAdd: (type: StepType) => void;
  /** Left out: only steps are offered. */
  readonly onAddNote?: (kind: NoteKind) => void;
  /** Those that are shown; left out: all but a start. */
  readonly fits?: (type: StepType) => boolean;
  /** The cursor begins in the search. */
  readonly focused?: boolean;
  readonly onClose?: () => void;
}

const RECENT = "recent";
const labelOf = (group: string) => (group === RECENT ? t("Recent") : familyOf(group).label);

/** Every type of step there is, by family, and those used last: dragged onto the canvas, or pressed. */
const ALL = (type: StepType) => canFollow(type, false);

export function Palette({ types, fits = ALL, onAdd, onAddNote, focused, onClose }: PaletteProps) {
  const [find, setFind] = useState("");
  const list = useRef<HTMLDivElement>(null);
  const [recent] = useState(recentTypes);
  const groups = useMemo(() => {
    const fitting = [...types.values()].filter(fits);
    const byFamily = grouped(fitting, find);
    const last = recent.flatMap(name => fitting.find(each => each.type === name) ?? []);
    return find || last.length === 0 ? byFamily : [[RECENT, last] as [string, StepType[]], ...byFamily];
  }, [types, fits, recent, find]);
  const notes = onAddNote ? NOTES.filter(each => holds(each.find, find)) : [];
  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape" && onClose) {
      event.stopPropagation();
      onClose();
      return;
    }
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by) {
      event.preventDefault();
      const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
      const at = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
    } else if (event.key === "Enter" && document.activeElement?.tagName === "INPUT") {
      const first = groups[0]?.[1][0];
      if (first) onAdd(first);
      else if (notes[0]) onAddNote?.(notes[0].kind);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the list and the field in it
    <div className="flex h-full min-h-0 flex-col gap-2 p-2" onKeyDown={press}>
      <Input
        type="search"
        aria-label={t("Search steps")}
        placeholder={t("Search steps")}
        value={find}
        autoFocus={focused}
        onChange={event => setFind(event.currentTarget.value)}
      />
      <div ref={list} className="min-h-0 flex-1 overflow-y-auto">
        {groups.length + notes.length === 0 && (
          <p className="p-2 text-dense text-text-2">{t("No step is called so.")}</p>
        )}
        {groups.map(([family, members]) => (
          <section key={family} aria-label={labelOf(family)}>
            <h2 className="px-2 pt-2 pb-1 text-caption text-text-3">{labelOf(family)}</h2>
            {members.map(type => (
              <Offer
                key={type.type}
                dragged={type.type}
                description={type.description}
                {...familyOf(type.family)}
                label={titleOf(type.type)}
                onAdd={() => onAdd(type)}
              />
            ))}
          </section>
        ))}
        {notes.length > 0 && (
          <section aria-label={t("Notes")}>
            <h2 className="px-2 pt-2 pb-1 text-caption text-text-3">{t("Notes")}</h2>
            {notes.map(({ kind, icon }) => (
              <Offer
                key={kind}
                dragged={NOTE + kind}
                label={kindOf(kind)}
                icon={icon}
                className="bg-hover text-text-2"
                onAdd={() => onAddNote?.(kind)}
              />
            ))}
          </section>
        )}
      </div>
    </div>
  );
}

interface OfferProps {
  /** What of it is dragged onto the canvas. */
  readonly dragged: string;
  readonly label: string;
  readonly description?: string;
  readonly icon: LucideIcon;
  readonly className: string;
  readonly onAdd: () => void;
}

function Offer({ dragged, label, description, icon, className, onAdd }: OfferProps) {
  return (
    <button
      type="button"
      draggable
      title={description}
      onDragStart={event => {
        event.dataTransfer.setData(DRAGGED, dragged);
        event.dataTransfer.effectAllowed = "copy";
      }}
      onClick={onAdd}
      className="flex h-8 w-full items-center gap-2 rounded-control px-2 text-start text-dense hover:bg-hover coarse:h-10"
    >
      <span className={cx("flex size-5 items-center justify-center rounded-tag", className)}>
        <Icon of={icon} className="size-3.5" />
      </span>
      {label}
    </button>
  );
}

/** Whether every word stands in the text. */
function holds(text: string, find: string): boolean {
  const words = find.toLowerCase().split(/\s+/).filter(Boolean);
  return words.every(word => text.toLowerCase().includes(word));
}

function grouped(types: readonly StepType[], find: string): [string, StepType[]][] {
  const fits = (type: StepType) =>
    holds(`${type.type} ${titleOf(type.type)} ${type.family} ${type.description}`, find);
  const groups = new Map<string, StepType[]>();
  for (const type of types.filter(fits)) groups.set(type.family, [...(groups.get(type.family) ?? []), type]);
  const place = (name: string) => (ORDER.indexOf(name) + ORDER.length + 1) % (ORDER.length + 1);
  return [...groups].sort(([one], [other]) => place(one) - place(other));
}

import { chordOf } from "@dashboard/commands";
import { useMay } from "@dashboard/data/roles";
import { Button, IconButton } from "@ui/button";
import { Field, Input, Textarea } from "@ui/field";
import { Fieldset } from "@ui/fieldset";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { Frame, StickyNote, Trash2, X } from "lucide-react";
import { useState } from "react";
import { COLORS, kindOf, LEAST, LONGEST, MOST, type Note } from "../editing/notes";
import { familyOf } from "./family";

export interface NotePanelProps {
  readonly note: Note;
  /** What lies in the frame, counted; `undefined`: nothing. */
  readonly held: string | undefined;
  readonly onChange: (note: Note, key?: string) => void;
  readonly onHeld: () => void;
  readonly onDelete: () => void;
  readonly onClose: () => void;
  /** Back to the canvas, with the note still open. */
  readonly onLeave: () => void;
}

const PLAIN = "plain";

/** One note or frame: its text, its colour, and where it lies. */
export function NotePanel({ note, held, onChange, onHeld, onDelete, onClose, onLeave }: NotePanelProps) {
  const edits = useMay("edit");
  const isFrame = note.kind === "frame";
  const put = (part: Partial<Note>, field: string) => onChange({ ...note, ...part }, `${note.id}.${field}`);
  const colors = [
    { value: PLAIN, label: t("None") },
    ...COLORS.map(each => ({ value: each, label: familyOf(each).label })),
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of the fields in it
    <div
      className="flex flex-col gap-4 p-4"
      onKeyDown={event => chordOf(event.nativeEvent) === "escape" && !event.defaultPrevented && onLeave()}
    >
      <header className="flex items-center gap-2">
        <span className="flex size-6 items-center justify-center rounded-tag bg-hover text-text-2">
          <Icon of={isFrame ? Frame : StickyNote} />
        </span>
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead">{kindOf(note.kind)}</h2>
        {edits && (
          <IconButton
            icon={Trash2}
            label={isFrame ? t("Delete frame") : t("Delete note")}
            shortcut="Delete"
            onClick={onDelete}
          />
        )}
        <IconButton icon={X} label={t("Close")} shortcut="Escape" onClick={onClose} />
      </header>
      <Fieldset disabled={!edits}>
        <Field label={isFrame ? t("Title") : t("Text")}>
          {isFrame ? (
            <Input
              id="note-text"
              value={note.text}
              maxLength={200}
              dir="auto"
              onChange={event => put({ text: event.currentTarget.value }, "text")}
            />
          ) : (
            <Textarea
              id="note-text"
              value={note.text}
              maxLength={LONGEST}
              rows={6}
              dir="auto"
              onChange={event => put({ text: event.currentTarget.value }, "text")}
            />
          )}
        </Field>
        <Field label={t("Colour")} hint={t("That of a family of steps.")}>
          <Select
            options={colors}
            value={note.color ?? PLAIN}
            onChange={color => {
              const { color: _, ...rest } = note;
              const known = COLORS.find(each => each === color);
              onChange(known ? { ...rest, color: known } : (rest as Note));
            }}
          />
        </Field>
        {isFrame && (
          <div className="flex items-center gap-2">
            <p className="flex-1 text-dense text-text-2">
              {held === undefined ? t("It holds nothing.") : t("It holds %{held}.", { held })}
            </p>
            <Button dense disabled={held === undefined} onClick={onHeld}>
              {t("Select what it holds")}
            </Button>
          </div>
        )}
        <fieldset className="grid grid-cols-2 gap-3 border-line border-t pt-4">
          <legend className="sr-only">{t("Place and size")}</legend>
          <Length
            label={t("Across")}
            value={note.position.x}
            onChange={x => put({ position: { ...note.position, x } }, "x")}
          />
          <Length
            label={t("Down")}
            value={note.position.y}
            onChange={y => put({ position: { ...note.position, y } }, "y")}
          />
          <Length
            label={t("Width")}
            least={LEAST}
            most={MOST}
            value={note.size.width}
            onChange={width => put({ size: { ...note.size, width } }, "width")}
          />
          <Length
            label={t("Height")}
            least={LEAST}
            most={MOST}
            value={note.size.height}
            onChange={height => put({ size: { ...note.size, height } }, "height")}
          />
          {isFrame && (
            <p className="col-span-2 text-caption text-text-2">
              {t("Here the frame changes alone: what lies in it stays.")}
            </p>
          )}
        </fieldset>
      </Fieldset>
    </div>
  );
}

interface LengthProps {
  readonly label: string;
  readonly value: number;
  readonly least?: number;
  readonly most?: number;
  readonly onChange: (value: number) => void;
}

/** A number of px, taken once it is one that may be. */
function Length({ label, value, least = -1_000_000, most = 1_000_000, onChange }: LengthProps) {
  const [typed, setTyped] = useState<string>();
  const given = Number(typed ?? value);
  const right = typed !== "" && given >= least && given <= most;
  return (
    <Field label={label} {...(!right && { error: t("From %{least} to %{most} px.", { least, most }) })}>
      <Input
        type="number"
        step={8}
        min={least}
        max={most}
        value={typed ?? String(Math.round(value))}
        onChange={event => {
          const text = event.currentTarget.value;
          setTyped(text);
          const next = Number(text);
          if (text !== "" && next >= least && next <= most) onChange(next);
        }}
        onBlur={() => setTyped(undefined)}
      />
    </Field>
  );
}

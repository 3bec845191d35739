import { Button } from "@ui/button";
import { Field, Textarea } from "@ui/field";
import { Kbd } from "@ui/kbd";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { type ReactElement, useState } from "react";

export interface OpenProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}

interface NotePopoverProps extends OpenProps {
  readonly title: string;
  readonly label: string;
  readonly hint: string;
  readonly act: string;
  readonly required: boolean;
  readonly busy: boolean;
  readonly error: string | undefined;
  /** Sends the note; `done` closes the popover. */
  readonly onSend: (note: string, done: () => void) => void;
  readonly trigger: ReactElement;
}

/** A decision with its reason. */
export function NotePopover(props: NotePopoverProps) {
  const { title, label, hint, act, required, busy, error, onSend, trigger, open, onOpenChange } = props;
  const [note, setNote] = useState("");
  const send = () => {
    if (required && !note.trim()) return;
    onSend(note.trim(), () => {
      onOpenChange(false);
      setNote("");
    });
  };
  return (
    <Popover title={title} open={open} onOpenChange={onOpenChange} trigger={trigger}>
      <form
        className="flex flex-col gap-3"
        onSubmit={event => {
          event.preventDefault();
          send();
        }}
        onKeyDown={event => {
          if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
          event.preventDefault();
          send();
        }}
      >
        <Field label={required ? label : t("%{label}, if anything", { label })} hint={hint} error={error}>
          <Textarea
            dir="auto"
            maxLength={2000}
            value={note}
            onChange={event => setNote(event.currentTarget.value)}
          />
        </Field>
        <div className="flex items-center justify-end gap-2">
          <Kbd keys="mod+enter" />
          <Button look="primary" type="submit" disabled={required && !note.trim()} busy={busy}>
            {act}
          </Button>
        </div>
      </form>
    </Popover>
  );
}

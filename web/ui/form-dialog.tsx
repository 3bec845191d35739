import { type ReactNode, useId } from "react";
import { Button } from "./button";
import { Dialog } from "./dialog";

export interface FormDialogProps {
  readonly title: string;
  readonly description?: ReactNode;
  /** What the button does: a verb and a noun. */
  readonly act: string;
  readonly busy: boolean;
  /** Whether what is needed is filled in. */
  readonly ready: boolean;
  readonly onSubmit: () => void;
  readonly onClose: () => void;
  /** Its fields; each tells what is wrong with it. */
  readonly children: ReactNode;
}

/** Asks for a name and little else; Enter sends it, `Esc` does not. */
export function FormDialog(props: FormDialogProps) {
  const { title, description, act, busy, ready, onSubmit, onClose, children } = props;
  const form = useId();
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      actions={
        <Button look="primary" type="submit" form={form} busy={busy} disabled={!ready}>
          {act}
        </Button>
      }
    >
      <form
        id={form}
        className="flex flex-col gap-4"
        onSubmit={event => {
          event.preventDefault();
          if (ready) onSubmit();
        }}
      >
        {children}
      </form>
    </Dialog>
  );
}

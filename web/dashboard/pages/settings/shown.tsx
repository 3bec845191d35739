import { Button } from "@ui/button";
import { CopyButton } from "@ui/copy-button";
import { Dialog } from "@ui/dialog";
import { t } from "@ui/words";

export interface ShownProps {
  readonly title: string;
  readonly secret: string;
  /** "token", "link". */
  readonly what: string;
  readonly onClose: () => void;
}

/** A secret, this once. */
export function Shown({ title, secret, what, onClose }: ShownProps) {
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={title}
      description={t("The %{what} is shown this once: copy it now.", { what })}
      actions={
        <Button look="primary" onClick={onClose}>
          {t("Done")}
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-sunken p-4">
        <code className="min-w-0 flex-1 select-all break-all text-lead text-text">{secret}</code>
        <CopyButton text={secret} label={t("Copy %{what}", { what })} />
      </div>
    </Dialog>
  );
}

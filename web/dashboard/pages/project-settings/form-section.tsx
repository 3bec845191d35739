import { useMay } from "@dashboard/data/roles";
import { Button } from "@ui/button";
import { Fieldset } from "@ui/fieldset";
import { t } from "@ui/words";
import { type FormEvent, type ReactNode, useId } from "react";

export interface FormSectionProps {
  readonly title: string;
  readonly hint?: string;
  readonly changed: boolean;
  readonly busy: boolean;
  readonly saved: boolean;
  readonly error: string | undefined;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
  readonly children: ReactNode;
}

/** A section that saves for itself, and says so. */
export function FormSection({
  title,
  hint,
  changed,
  busy,
  saved,
  error,
  onSave,
  onDiscard,
  children,
}: FormSectionProps) {
  const id = useId();
  const edits = useMay("edit");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave();
  };
  return (
    <form aria-labelledby={id} onSubmit={submit} className="flex flex-col gap-4">
      <div>
        <h2 id={id} className="font-semibold text-lead">
          {title}
        </h2>
        {hint && <p className="text-body text-text-2">{hint}</p>}
      </div>
      <Fieldset disabled={!edits}>{children}</Fieldset>
      {edits && (
        <div className="flex flex-wrap items-center gap-3">
          <Button type="submit" look={changed ? "primary" : "secondary"} busy={busy} disabled={!changed}>
            {t("Save")} {title.toLowerCase()}
          </Button>
          {changed && (
            <Button look="quiet" disabled={busy} onClick={onDiscard}>
              {t("Discard changes")}
            </Button>
          )}
          <p role="status" className={error ? "text-bad text-dense" : "text-dense text-text-2"}>
            {error ?? (changed ? t("Not saved yet") : saved ? t("Saved") : "")}
          </p>
        </div>
      )}
    </form>
  );
}

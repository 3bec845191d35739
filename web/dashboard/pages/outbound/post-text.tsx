import type { Run } from "@dashboard/data/runs";
import { Button } from "@ui/button";
import { Textarea } from "@ui/field";
import { TextChanges } from "@ui/text-changes";
import { t } from "@ui/words";
import { Pencil } from "lucide-react";
import { useEffect, useRef } from "react";

interface PostTextProps {
  readonly run: Run;
  readonly text: string;
  readonly editing: boolean;
  readonly onEditing: (editing: boolean) => void;
  readonly onText: (text: string | undefined) => void;
}

/** The text, changed in place, and what was changed of what the workflow wrote. */
export function PostText({ run, text, editing, onEditing, onText }: PostTextProps) {
  const area = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    if (!editing) return;
    area.current?.focus();
    area.current?.setSelectionRange(area.current.value.length, area.current.value.length);
  }, [editing]);
  const written = run.text ?? "";
  const changed = text !== written;
  return (
    <section aria-label={t("Text")} className="flex flex-col gap-2">
      {editing && (
        <Textarea
          ref={area}
          aria-label={t("Text of the post")}
          dir="auto"
          maxLength={100_000}
          className="field-sizing-content"
          value={text}
          onChange={event => onText(event.currentTarget.value)}
          onKeyDown={event => event.key === "Escape" && onEditing(false)}
        />
      )}
      <div className="flex flex-wrap gap-2">
        {editing ? (
          <Button dense onClick={() => onEditing(false)}>
            {t("Show as posts")}
          </Button>
        ) : (
          <Button dense icon={Pencil} onClick={() => onEditing(true)}>
            {t("Edit text")}
          </Button>
        )}
        {changed && (
          <Button dense look="quiet" onClick={() => onText(undefined)}>
            {t("Restore generated text")}
          </Button>
        )}
      </div>
      {changed && (
        <div className="rounded-card border border-line bg-surface p-3">
          <h3 className="mb-1 font-medium text-caption text-text-3">
            {t("Changed from the generated text")}
          </h3>
          <TextChanges before={written} after={text} />
        </div>
      )}
    </section>
  );
}

import type { Run } from "@dashboard/data/runs";
import { Button } from "@ui/button";
import { Textarea } from "@ui/field";
import { t } from "@ui/words";
import { Pencil } from "lucide-react";
import { useEffect, useRef } from "react";
import { wordDiff } from "./word-diff";

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
          <Changes before={written} after={text} />
        </div>
      )}
    </section>
  );
}

/** Both texts in one: what went is struck through, what came is underlined. */
function Changes({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap break-words text-body">
      {wordDiff(before, after).map(({ kind, text }, index) => {
        const key = `${index} ${kind}`;
        if (kind === "removed")
          return (
            <del key={key} className="bg-bad-soft text-bad">
              {text}
            </del>
          );
        if (kind === "added")
          return (
            <ins key={key} className="bg-ok-soft text-ok">
              {text}
            </ins>
          );
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}

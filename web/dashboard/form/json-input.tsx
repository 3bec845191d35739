import { Field as Base } from "@base-ui/react/field";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { t } from "@ui/words";
import { useState } from "react";

interface Typed {
  readonly text: string;
  readonly wrong: string | undefined;
  /** The value that it stands for, as it is written. */
  readonly as: string;
}

/** JSON as it is written; taken over as soon as it can be read, and until then left as it is. */
export function JsonInput({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const [typed, setTyped] = useState<Typed>();
  const written = writtenAs(value);
  // A value that is not what was typed came from elsewhere: an undo, somebody else.
  const { text, wrong } = typed?.as === written ? typed : { text: written, wrong: undefined };
  const take = (next: string) => {
    const read = readJson(next);
    setTyped({ text: next, wrong: read.wrong, as: read.wrong ? written : writtenAs(read.value) });
    if (read.wrong === undefined) onChange(read.value);
  };
  return (
    <>
      <Base.Control
        value={text}
        render={
          <textarea
            value={text}
            spellCheck={false}
            aria-invalid={wrong !== undefined || undefined}
            className={cx(
              CONTROL,
              "field-sizing-content max-h-80 min-h-8 resize-y px-2.5 py-1.5 font-mono text-dense aria-invalid:border-bad",
            )}
            onBlur={() => wrong === undefined && setTyped(undefined)}
            onChange={event => take(event.currentTarget.value)}
          />
        }
      />
      {wrong && <span className="text-caption text-bad">{wrong}</span>}
    </>
  );
}

function writtenAs(value: unknown): string {
  return value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
}

function readJson(text: string): { value?: unknown; wrong?: string } {
  if (!text.trim()) return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { wrong: t("Not JSON yet. The last valid value is kept.") };
  }
}

import { Field as Base } from "@base-ui/react/field";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { t } from "@ui/words";
import { useEffect, useState } from "react";

/** JSON as it is written; taken over as soon as it can be read. */
export function JsonInput({
  value,
  onChange,
}: {
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  const written = value === undefined || value === null ? "" : JSON.stringify(value, null, 2);
  const [text, setText] = useState(written);
  const [wrong, setWrong] = useState<string>();
  const [editing, setEditing] = useState(false);
  useEffect(() => {
    if (!editing) setText(written);
  }, [written, editing]);
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
              "field-sizing-content max-h-80 min-h-8 resize-y px-2.5 py-1.5 font-mono text-dense",
              wrong && "border-bad",
            )}
            onFocus={() => setEditing(true)}
            onBlur={() => setEditing(false)}
            onChange={event => {
              const next = event.currentTarget.value;
              setText(next);
              const read = readJson(next);
              setWrong(read.wrong);
              if (read.wrong === undefined) onChange(read.value);
            }}
          />
        }
      />
      {wrong && <span className="text-caption text-bad">{wrong}</span>}
    </>
  );
}

function readJson(text: string): { value?: unknown; wrong?: string } {
  if (!text.trim()) return { value: undefined };
  try {
    return { value: JSON.parse(text) };
  } catch {
    return { wrong: t("Not JSON yet. The last valid value is kept.") };
  }
}

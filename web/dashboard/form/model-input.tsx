import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { useState } from "react";

export interface ModelInputProps {
  readonly label?: string;
  readonly hint?: string;
  readonly error?: string;
  readonly value: unknown;
  /** One name, several in the order in which they are tried, or `undefined`: what stands above decides. */
  readonly onChange: (value: string | string[] | undefined) => void;
}

/** A model, or several with commas between them. */
export function ModelInput({ label = t("Model"), hint, error, value, onChange }: ModelInputProps) {
  const written = Array.isArray(value) ? value.join(", ") : typeof value === "string" ? value : "";
  const [text, setText] = useState(written);
  const shown = namesIn(text).join(", ") === written ? text : written;
  return (
    <Field label={label} hint={hint} error={error}>
      <Input
        value={shown}
        spellCheck={false}
        autoComplete="off"
        placeholder="openai:gpt-4o, local:extractive"
        className="font-mono text-dense"
        onChange={event => {
          const next = event.currentTarget.value;
          setText(next);
          const names = namesIn(next);
          onChange(names.length > 1 ? names : names[0]);
        }}
      />
    </Field>
  );
}

function namesIn(text: string): string[] {
  return text
    .split(",")
    .map(each => each.trim())
    .filter(Boolean);
}

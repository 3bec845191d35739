import { IconButton } from "@ui/button";
import { Switch } from "@ui/choice";
import { cx } from "@ui/cx";
import { CONTROL, Input } from "@ui/field";
import { t } from "@ui/words";
import { Eye, EyeOff, Pin, PinOff, RotateCcw } from "lucide-react";
import { useEffect, useState } from "react";

export interface VariableRowProps {
  readonly name: string;
  readonly type: "text" | "number" | "boolean" | "list" | "object";
  readonly description: string | undefined;
  /** It holds personal data: shown on request. */
  readonly personal: boolean;
  readonly value: unknown;
  /** What it was before the last turn, where that changed it. */
  readonly changed: unknown;
  readonly pinned: boolean;
  readonly onPin: () => void;
  /** Rejects with the reason where the value does not fit. */
  readonly onChange: (value: unknown) => Promise<void>;
  /** Left out: nothing says what it begins with. */
  readonly onReset: (() => Promise<void>) | undefined;
}

/** A variable with its value to edit, by its type. */
export function VariableRow(props: VariableRowProps) {
  const { name, type, description, personal, value, changed, pinned, onPin, onChange, onReset } = props;
  const [open, setOpen] = useState(!personal);
  const [wrong, setWrong] = useState<string>();
  const put = (next: unknown) => {
    setWrong(undefined);
    onChange(next).catch((error: Error) => setWrong(error.message));
  };
  return (
    <li
      className={cx(
        "flex flex-col gap-1 border-s-2 py-1 ps-2",
        changed === undefined ? "border-transparent" : "border-accent",
      )}
    >
      <div className="flex items-center gap-1">
        <span title={description} className="min-w-0 flex-1 truncate font-mono text-caption text-text-2">
          {name}
        </span>
        {personal && (
          <IconButton
            dense
            icon={open ? EyeOff : Eye}
            label={open ? t("Hide %{name}", { name }) : t("Show %{name}", { name })}
            onClick={() => setOpen(is => !is)}
          />
        )}
        <IconButton
          dense
          icon={pinned ? PinOff : Pin}
          label={pinned ? t("Unpin %{name}", { name }) : t("Pin %{name}", { name })}
          onClick={onPin}
        />
        {onReset && (
          <IconButton
            dense
            icon={RotateCcw}
            label={t("Reset %{name}", { name })}
            onClick={() => onReset().catch((error: Error) => setWrong(error.message))}
          />
        )}
      </div>
      {open ? (
        <Editor
          name={name}
          type={type}
          value={value}
          wrong={wrong !== undefined}
          onChange={put}
          onWrong={setWrong}
        />
      ) : (
        <p className="font-mono text-dense text-text-3">••••••</p>
      )}
      {wrong && <p className="text-bad text-caption">{wrong}</p>}
      {changed !== undefined && (
        <p className="truncate text-caption text-text-2">
          {t("Changed in the last turn")}
          {open && t(", from %{stringify}", { stringify: JSON.stringify(changed) })}
        </p>
      )}
    </li>
  );
}

interface EditorProps extends Pick<VariableRowProps, "name" | "type" | "value"> {
  readonly wrong: boolean;
  readonly onChange: (value: unknown) => void;
  readonly onWrong: (why: string | undefined) => void;
}

function Editor({ name, type, value, wrong, onChange, onWrong }: EditorProps) {
  const written =
    value === undefined || value === null ? "" : typeof value === "string" ? value : JSON.stringify(value);
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  if (type === "boolean")
    return (
      <Switch
        label={
          <>
            <span className="sr-only">{name} </span>
            {value === true ? t("Yes") : t("No")}
          </>
        }
        checked={value === true}
        onChange={onChange}
      />
    );
  const done = () => {
    if (text === written) return;
    try {
      onChange(read(text, type));
    } catch (error) {
      onWrong((error as Error).message);
    }
  };
  const shared = {
    value: text,
    "aria-invalid": wrong,
    "aria-label": name,
    onBlur: done,
    className: "font-mono text-dense",
  };
  if (type === "list" || type === "object")
    return (
      <textarea
        {...shared}
        rows={1}
        spellCheck={false}
        className={cx(
          CONTROL,
          "field-sizing-content max-h-40 min-h-8 resize-y px-2.5 py-1.5 font-mono text-dense",
        )}
        onChange={event => setText(event.currentTarget.value)}
      />
    );
  return (
    <Input
      {...shared}
      inputMode={type === "number" ? "decimal" : undefined}
      placeholder={t("No value")}
      dir="auto"
      onChange={event => setText(event.currentTarget.value)}
      onKeyDown={event => event.key === "Enter" && done()}
    />
  );
}

/** The text as a value of the type. Throws what is wrong with it. */
function read(text: string, type: VariableRowProps["type"]): unknown {
  if (type === "text") return text;
  if (!text.trim()) return null;
  if (type === "number") {
    const value = Number(text.replace(",", "."));
    if (Number.isNaN(value)) throw new Error(t("A number is needed here."));
    return value;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(
      type === "list"
        ? t('JSON is needed here: ["one", "two"].')
        : t('JSON is needed here: {"name": "value"}.'),
    );
  }
}

import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Field, Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { Menu, MenuChoice } from "@ui/menu";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { ChevronDown, X } from "lucide-react";
import { type FormEvent, type ReactElement, type ReactNode, useState } from "react";

const ANY = "any";

export const CHIP = "inline-flex h-7 max-w-full items-center rounded-pill border text-dense coarse:h-10";
export const PRESS = "gap-1 px-2.5";
export const look = (active: boolean) =>
  active ? "border-accent bg-accent-soft text-accent-text" : "border-control text-text-2 hover:bg-hover";

interface ChipProps {
  readonly label: string;
  /** What is chosen, in words; `undefined`: nothing. */
  readonly chosen: string | undefined;
  readonly onRemove: () => void;
  readonly children: (trigger: ReactElement) => ReactElement;
}

export function Chip({ label, chosen, onRemove, children }: ChipProps) {
  const trigger = (
    <button type="button" className={cx("flex h-full min-w-0 items-center rounded-pill", PRESS)}>
      <span className="truncate">{chosen === undefined ? label : `${label}: ${chosen}`}</span>
      {chosen === undefined && <Icon of={ChevronDown} className="text-text-3" />}
    </button>
  );
  return (
    <span className={cx(CHIP, look(chosen !== undefined))}>
      {children(trigger)}
      {chosen !== undefined && (
        <button
          type="button"
          aria-label={t("Remove filter %{label}", { label: label.toLowerCase() })}
          onClick={onRemove}
          className="me-0.5 flex size-6 shrink-0 items-center justify-center rounded-pill hover:bg-hover"
        >
          <Icon of={X} />
        </button>
      )}
    </span>
  );
}

interface ChoiceChipProps {
  readonly label: string;
  readonly value: string | undefined;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** The options are names, and written as they are. */
  readonly names?: boolean;
  readonly onChange: (value: string | undefined) => void;
}

export function ChoiceChip({ label, value, options, names, onChange }: ChoiceChipProps) {
  const found = options.find(each => each.value === value)?.label;
  const chosen = value && ((names ? found : found?.toLowerCase()) ?? value);
  return (
    <Chip label={label} chosen={chosen} onRemove={() => onChange(undefined)}>
      {trigger => (
        <Menu trigger={trigger} align="start">
          <MenuChoice
            label={label}
            value={value ?? ANY}
            onChange={next => onChange(next === ANY ? undefined : next)}
            options={[{ value: ANY, label: t("Any") }, ...options]}
          />
        </Menu>
      )}
    </Chip>
  );
}

interface AskingChipProps extends Omit<ChipProps, "children"> {
  readonly title: string;
  /** Takes what is written in the fields. */
  readonly onTake: () => void;
  readonly children: ReactNode;
}

/** Asks for something in a form of its own. */
function AskingChip({ title, onTake, children, ...chip }: AskingChipProps) {
  const [open, setOpen] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOpen(false);
    onTake();
  };
  return (
    <Chip {...chip}>
      {trigger => (
        <Popover trigger={trigger} title={title} align="start" open={open} onOpenChange={setOpen}>
          <form onSubmit={submit} className="flex flex-col gap-3">
            {children}
            <Button look="primary" type="submit">
              {t("Show transcripts")}
            </Button>
          </form>
        </Popover>
      )}
    </Chip>
  );
}

interface TextChipProps {
  readonly label: string;
  /** What is asked for, as the title of the question. */
  readonly title: string;
  readonly field: string;
  readonly maxLength?: number;
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

export function TextChip({ label, title, field, maxLength, value, onChange }: TextChipProps) {
  const [text, setText] = useState(value ?? "");
  return (
    <AskingChip
      label={label}
      title={title}
      chosen={value}
      onRemove={() => onChange(undefined)}
      onTake={() => onChange(text.trim() || undefined)}
    >
      <Field label={field}>
        <Input
          value={text}
          maxLength={maxLength}
          onChange={event => setText(event.target.value)}
          dir="auto"
        />
      </Field>
    </AskingChip>
  );
}

interface VariableChipProps {
  /** As `name=value`. */
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

/** What a conversation was left with. */
export function VariableChip({ value, onChange }: VariableChipProps) {
  const sign = value?.indexOf("=") ?? -1;
  const [name, setName] = useState(value?.slice(0, sign) ?? "");
  const [text, setText] = useState(value?.slice(sign + 1) ?? "");
  return (
    <AskingChip
      label={t("Variable")}
      title={t("Whose variable is this now")}
      chosen={value && `${value.slice(0, sign)} = ${value.slice(sign + 1)}`}
      onRemove={() => onChange(undefined)}
      onTake={() => onChange(name.trim() ? `${name.trim()}=${text}` : undefined)}
    >
      <Field label={t("Name")}>
        <Input
          value={name}
          maxLength={100}
          pattern="[^=]*"
          onChange={event => setName(event.target.value)}
          dir="auto"
        />
      </Field>
      <Field label={t("Value")} hint={t("Of each user the latest transcript is shown.")}>
        <Input value={text} maxLength={199} onChange={event => setText(event.target.value)} dir="auto" />
      </Field>
    </AskingChip>
  );
}

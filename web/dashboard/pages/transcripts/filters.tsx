import { useCommands } from "@dashboard/commands";
import { schemaQuery } from "@dashboard/data/schema";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Field, Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { Menu, MenuChoice } from "@ui/menu";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { ChevronDown, X } from "lucide-react";
import { type FormEvent, type ReactElement, useRef, useState } from "react";
import { route, type TranscriptFilters } from "./route";
import { Views } from "./views";

const PLATFORMS = ["api", "web", "mcp"];
const ANY = "any";

/** Which transcripts are listed: a chip for each filter, all of them in the address. */
export function Filters() {
  const { turn: _, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: schema } = useQuery(schemaQuery);
  const set = (change: TranscriptFilters) => navigate({ search: before => ({ ...before, ...change }) });
  const place = useRef<HTMLFieldSetElement>(null);
  useCommands([
    {
      id: "filter-transcripts",
      label: t("Filter transcripts"),
      group: t("Transcripts"),
      keys: "f",
      run: () => place.current?.querySelector("button")?.focus(),
    },
  ]);
  const channels = (schema?.channels ?? []).map(each => each.type);
  const platforms = [...new Set([...PLATFORMS, ...channels])];
  return (
    <fieldset ref={place} className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("Filters")}</legend>
      <UserChip key={filters.userId} userId={filters.userId} onChange={userId => set({ userId })} />
      <ChoiceChip
        label={t("Channel")}
        value={filters.platform}
        options={platforms.map(value => ({ value, label: value }))}
        onChange={platform => set({ platform })}
      />
      <ChoiceChip
        label={t("Resolved")}
        value={filters.resolved}
        options={YES_NO}
        onChange={value => set({ resolved: value as TranscriptFilters["resolved"] })}
      />
      <ChoiceChip
        label={t("Escalated")}
        value={filters.escalated}
        options={YES_NO}
        onChange={value => set({ escalated: value as TranscriptFilters["escalated"] })}
      />
      <ChoiceChip
        label={t("Rating")}
        value={filters.rating}
        options={RATINGS}
        onChange={value => set({ rating: value as TranscriptFilters["rating"] })}
      />
      <DatesChip from={filters.from} to={filters.to} onChange={set} />
      <button
        type="button"
        aria-pressed={filters.include === "dashboard"}
        onClick={() => set({ include: filters.include ? undefined : "dashboard" })}
        className={cx(CHIP, PRESS, look(filters.include !== undefined))}
      >
        {t("With tests from here")}
      </button>
      <Views filters={filters} />
      {Object.values(filters).some(Boolean) && (
        <Button dense look="quiet" onClick={() => navigate({ search: {} })}>
          {t("Clear filters")}
        </Button>
      )}
    </fieldset>
  );
}

const YES_NO = [
  { value: "true", label: t("Yes") },
  { value: "false", label: t("No") },
];

const RATINGS = [
  { value: "down", label: t("Rated wrong") },
  { value: "up", label: t("Rated good") },
];

const CHIP = "inline-flex h-7 max-w-full items-center rounded-pill border text-dense coarse:h-10";
const PRESS = "gap-1 px-2.5";
const look = (active: boolean) =>
  active ? "border-accent bg-accent-soft text-accent-text" : "border-control text-text-2 hover:bg-hover";

interface ChipProps {
  readonly label: string;
  /** What is chosen, in words; `undefined`: nothing. */
  readonly chosen: string | undefined;
  readonly onRemove: () => void;
  readonly children: (trigger: ReactElement) => ReactElement;
}

function Chip({ label, chosen, onRemove, children }: ChipProps) {
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
  readonly onChange: (value: string | undefined) => void;
}

function ChoiceChip({ label, value, options, onChange }: ChoiceChipProps) {
  const chosen = value && (options.find(each => each.value === value)?.label.toLowerCase() ?? value);
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

function UserChip({
  userId,
  onChange,
}: {
  readonly userId: string | undefined;
  readonly onChange: (userId: string | undefined) => void;
}) {
  const [text, setText] = useState(userId ?? "");
  const [open, setOpen] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setOpen(false);
    onChange(text.trim() || undefined);
  };
  return (
    <Chip label={t("User")} chosen={userId} onRemove={() => onChange(undefined)}>
      {trigger => (
        <Popover
          trigger={trigger}
          title={t("Only one user's")}
          align="start"
          open={open}
          onOpenChange={setOpen}
        >
          <form onSubmit={submit} className="flex flex-col gap-3">
            <Field label={t("User id")}>
              <Input value={text} onChange={event => setText(event.target.value)} dir="auto" />
            </Field>
            <Button look="primary" type="submit">
              {t("Show transcripts")}
            </Button>
          </form>
        </Popover>
      )}
    </Chip>
  );
}

interface DatesChipProps {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly onChange: (dates: { from?: string; to?: string }) => void;
}

function DatesChip({ from, to, onChange }: DatesChipProps) {
  const chosen =
    from || to
      ? t("%{value} to %{value2}", { value: from ?? t("the beginning"), value2: to ?? t("today") })
      : undefined;
  return (
    <Chip label={t("Dates")} chosen={chosen} onRemove={() => onChange({ from: undefined, to: undefined })}>
      {trigger => (
        <Popover trigger={trigger} title={t("Began on these days")} align="start">
          <div className="flex flex-col gap-3">
            <Field label={t("From")}>
              <Input
                type="date"
                value={from ?? ""}
                max={to}
                onChange={event => onChange({ from: event.target.value || undefined })}
              />
            </Field>
            <Field label={t("To")}>
              <Input
                type="date"
                value={to ?? ""}
                min={from}
                onChange={event => onChange({ to: event.target.value || undefined })}
              />
            </Field>
          </div>
        </Popover>
      )}
    </Chip>
  );
}

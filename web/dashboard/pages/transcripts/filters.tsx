import { useCommands } from "@dashboard/commands";
import { versionsQuery } from "@dashboard/data/projects";
import { schemaQuery } from "@dashboard/data/schema";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Field, Input } from "@ui/field";
import { Popover } from "@ui/popover";
import { t } from "@ui/words";
import { useRef } from "react";
import { CHIP, Chip, ChoiceChip, look, PRESS, TextChip, VariableChip } from "./chips";
import { route, type TranscriptFilters } from "./route";
import { Views } from "./views";

const PLATFORMS = ["api", "web", "mcp"];

/** Which transcripts are listed: a chip for each filter, all of them in the address. */
export function Filters() {
  const { turn: _, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const { projectId } = route.useParams();
  const { data: schema } = useQuery(schemaQuery);
  const { data: versions = [] } = useQuery(versionsQuery(projectId));
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
      <TextChip
        key={`user ${filters.userId}`}
        label={t("User")}
        title={t("Only one user's")}
        field={t("User id")}
        value={filters.userId}
        onChange={userId => set({ userId })}
      />
      <TextChip
        key={`words ${filters.contains}`}
        label={t("Contains")}
        title={t("In which this was said")}
        field={t("Words")}
        maxLength={200}
        value={filters.contains}
        onChange={contains => set({ contains })}
      />
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
      <ChoiceChip
        label={t("Version")}
        names
        value={filters.versionId}
        options={[
          { value: DRAFT, label: t("Draft") },
          ...versions.filter(each => each.published).map(({ id, name }) => ({ value: id, label: name })),
        ]}
        // It answers tests from here, and few others.
        onChange={versionId => set({ versionId, ...(versionId === DRAFT && { include: "dashboard" }) })}
      />
      <VariableChip
        key={`variable ${filters.variable}`}
        value={filters.variable}
        onChange={variable => set({ variable })}
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

const DRAFT = "development";

const YES_NO = [
  { value: "true", label: t("Yes") },
  { value: "false", label: t("No") },
];

const RATINGS = [
  { value: "down", label: t("Rated wrong") },
  { value: "up", label: t("Rated good") },
];

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

import type { Draft } from "@dashboard/data/projects";
import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { FormSection } from "./form-section";
import { at, told, useForm, useSave } from "./save";

const BASE = "behaviourConfig";
const FIELDS = ["retention.transcriptsDays", "retention.journalDays", "timeZone"].map(
  name => `${BASE}.${name}`,
);

/** How long what was said is kept, and when a day begins. */
export function Retention({ draft }: { readonly draft: Draft }) {
  const { retention, timeZone = "UTC" } = draft.document.behaviourConfig ?? {};
  const save = useSave(draft);
  const form = useForm(draft.document.id, "retention", {
    transcriptsDays: String(retention?.transcriptsDays ?? 365),
    journalDays: String(retention?.journalDays ?? 30),
    timeZone,
  });
  const { values, set } = form;
  const submit = () => {
    const kept = { transcriptsDays: Number(values.transcriptsDays), journalDays: Number(values.journalDays) };
    save.mutate(
      { behaviourConfig: { retention: kept, timeZone: values.timeZone } },
      { onSuccess: form.reset },
    );
  };
  return (
    <FormSection
      title={t("Retention and time")}
      hint={t("What is over its days is deleted for good.")}
      changed={form.changed}
      busy={save.isPending}
      saved={save.isSuccess}
      error={told(save.error, FIELDS)}
      onDiscard={() => {
        form.reset();
        save.reset();
      }}
      onSave={submit}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={t("Days of transcripts")} error={at(save.error, `${BASE}.retention.transcriptsDays`)}>
          <Input
            type="number"
            min={0}
            value={values.transcriptsDays}
            onChange={event => set({ transcriptsDays: event.target.value })}
          />
        </Field>
        <Field
          label={t("Days of journals")}
          hint={t("What a replay needs.")}
          error={at(save.error, `${BASE}.retention.journalDays`)}
        >
          <Input
            type="number"
            min={0}
            value={values.journalDays}
            onChange={event => set({ journalDays: event.target.value })}
          />
        </Field>
      </div>
      <Field
        label={t("Time zone")}
        hint={t("Where a day of the figures begins, like Europe/Berlin.")}
        error={at(save.error, `${BASE}.timeZone`)}
      >
        <Input
          value={values.timeZone}
          onChange={event => set({ timeZone: event.target.value })}
          list="time-zones"
          spellCheck={false}
        />
      </Field>
      <datalist id="time-zones">
        {Intl.supportedValuesOf("timeZone").map(zone => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </FormSection>
  );
}

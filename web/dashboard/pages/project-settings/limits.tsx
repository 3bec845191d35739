import type { Draft } from "@dashboard/data/projects";
import { Field, Input, Textarea } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { FormSection } from "./form-section";
import { at, told, useForm, useSave } from "./save";

const BASE = "behaviourConfig";
const FIELDS = [
  "budget.perDayUsd",
  "budget.perTurnTokens",
  "guard.blockedTopics",
  "guard.personalData",
  "allowedHosts",
].map(name => `${BASE}.${name}`);
const PERSONAL = [
  { value: "off", label: t("Leave as it is") },
  { value: "mask", label: t("Mask"), hint: t("Models and transcripts see placeholders") },
  { value: "block", label: t("Block"), hint: t("A message with personal data is not answered") },
] as const;

/** What may be spent, talked about and reached. */
export function Limits({ draft }: { readonly draft: Draft }) {
  const { budget, guard, allowedHosts = [] } = draft.document.behaviourConfig ?? {};
  const save = useSave(draft);
  const form = useForm(draft.document.id, "limits", {
    perDayUsd: text(budget?.perDayUsd),
    perTurnTokens: text(budget?.perTurnTokens),
    blockedTopics: (guard?.blockedTopics ?? []).join("\n"),
    personalData: guard?.personalData ?? "off",
    allowedHosts: allowedHosts.join("\n"),
  });
  const { values, set } = form;
  const submit = () => {
    const behaviourConfig = {
      budget: { perDayUsd: number(values.perDayUsd), perTurnTokens: number(values.perTurnTokens) },
      guard: { blockedTopics: lines(values.blockedTopics), personalData: values.personalData },
      allowedHosts: lines(values.allowedHosts),
    };
    save.mutate({ behaviourConfig }, { onSuccess: form.reset });
  };
  return (
    <FormSection
      title={t("Limits")}
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
        <Field
          label={t("US dollars a day")}
          hint={t("Empty: no limit.")}
          error={at(save.error, `${BASE}.budget.perDayUsd`)}
        >
          <Input
            type="number"
            min={0}
            step="any"
            value={values.perDayUsd}
            onChange={event => set({ perDayUsd: event.target.value })}
          />
        </Field>
        <Field
          label={t("Tokens a turn")}
          hint={t("Empty: no limit.")}
          error={at(save.error, `${BASE}.budget.perTurnTokens`)}
        >
          <Input
            type="number"
            min={0}
            value={values.perTurnTokens}
            onChange={event => set({ perTurnTokens: event.target.value })}
          />
        </Field>
      </div>
      <Field
        label={t("Blocked topics")}
        hint={t("One a line.")}
        error={at(save.error, `${BASE}.guard.blockedTopics`)}
      >
        <Textarea
          value={values.blockedTopics}
          onChange={event => set({ blockedTopics: event.target.value })}
          rows={3}
          dir="auto"
        />
      </Field>
      <Field label={t("Personal data")} error={at(save.error, `${BASE}.guard.personalData`)}>
        <Select
          value={values.personalData}
          options={PERSONAL}
          onChange={personalData => set({ personalData })}
        />
      </Field>
      <Field
        label={t("Hosts that steps and tools may call")}
        hint={t("One a line, like api.example.com. Empty: any but private ones.")}
        error={at(save.error, `${BASE}.allowedHosts`)}
      >
        <Textarea
          value={values.allowedHosts}
          onChange={event => set({ allowedHosts: event.target.value })}
          rows={3}
          spellCheck={false}
        />
      </Field>
    </FormSection>
  );
}

const text = (value: number | null | undefined) =>
  value === null || value === undefined ? "" : String(value);
const number = (value: string) => (value === "" ? null : Number(value));
const lines = (value: string) =>
  value
    .split("\n")
    .map(line => line.trim())
    .filter(Boolean);

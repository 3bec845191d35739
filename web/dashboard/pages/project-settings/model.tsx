import type { Draft } from "@dashboard/data/projects";
import { Switch } from "@ui/choice";
import { Field, Input, Textarea } from "@ui/field";
import { t } from "@ui/words";
import { FormSection } from "./form-section";
import { at, told, useForm, useSave } from "./save";

const BASE = "behaviourConfig";
const FIELDS = ["persona", "model", "temperature"].map(name => `${BASE}.${name}`);

/** Who answers, and how. */
export function Model({ draft }: { readonly draft: Draft }) {
  const {
    persona = "",
    model,
    temperature,
    answerOnlyFromSources = false,
  } = draft.document.behaviourConfig ?? {};
  const save = useSave(draft);
  const form = useForm(draft.document.id, "model", {
    persona,
    model: (Array.isArray(model) ? model : [model ?? ""]).join("\n"),
    temperature: temperature === null || temperature === undefined ? "" : String(temperature),
    answerOnlyFromSources,
  });
  const { values, set } = form;
  const submit = () => {
    const models = values.model.split(/\s+/).filter(Boolean);
    const behaviourConfig = {
      persona: values.persona,
      model: models.length > 1 ? models : (models[0] ?? null),
      temperature: values.temperature === "" ? null : Number(values.temperature),
      answerOnlyFromSources: values.answerOnlyFromSources,
    };
    save.mutate({ behaviourConfig }, { onSuccess: form.reset });
  };
  return (
    <FormSection
      title={t("Model")}
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
      <Field
        label={t("Persona")}
        hint={t("Who the agent is, wherever a model speaks.")}
        error={at(save.error, `${BASE}.persona`)}
      >
        <Textarea
          value={values.persona}
          onChange={event => set({ persona: event.target.value })}
          rows={4}
          dir="auto"
        />
      </Field>
      <Field
        label={t("Models")}
        hint={t("One a line; the next is asked when one fails. Empty: the server's own.")}
        error={at(save.error, `${BASE}.model`)}
      >
        <Textarea
          value={values.model}
          onChange={event => set({ model: event.target.value })}
          rows={2}
          spellCheck={false}
        />
      </Field>
      <Field
        label={t("Temperature")}
        hint={t("0 answers alike, 1 and more with variety. Empty: the model's own.")}
        error={at(save.error, `${BASE}.temperature`)}
      >
        <Input
          type="number"
          min={0}
          max={2}
          step={0.1}
          value={values.temperature}
          onChange={event => set({ temperature: event.target.value })}
        />
      </Field>
      <Switch
        label={t("Answer only from documents")}
        hint={t("What no document says is not answered.")}
        checked={values.answerOnlyFromSources}
        onChange={on => set({ answerOnlyFromSources: on })}
      />
    </FormSection>
  );
}

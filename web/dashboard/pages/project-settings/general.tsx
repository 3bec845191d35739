import type { Draft } from "@dashboard/data/projects";
import { Field, Input, Textarea } from "@ui/field";
import { t } from "@ui/words";
import { FormSection } from "./form-section";
import { at, told, useForm, useSave } from "./save";

const FIELDS = ["name", "description", "language", "slug"];

/** What the project is called and which language it speaks. */
export function General({ draft }: { readonly draft: Draft }) {
  const { name = "", description, language = "en", slug } = draft.document;
  const save = useSave(draft);
  const form = useForm(draft.document.id, "general", {
    name,
    description: description ?? "",
    language,
    slug: slug ?? "",
  });
  const { values, set } = form;
  return (
    <FormSection
      title={t("General")}
      changed={form.changed}
      busy={save.isPending}
      saved={save.isSuccess}
      error={told(save.error, FIELDS)}
      onDiscard={() => {
        form.reset();
        save.reset();
      }}
      onSave={() => save.mutate(values, { onSuccess: form.reset })}
    >
      <Field label={t("Name")} error={at(save.error, "name")}>
        <Input
          value={values.name}
          onChange={event => set({ name: event.target.value })}
          maxLength={200}
          dir="auto"
        />
      </Field>
      <Field label={t("Description")} error={at(save.error, "description")}>
        <Textarea
          value={values.description}
          onChange={event => set({ description: event.target.value })}
          maxLength={2000}
          rows={3}
          dir="auto"
        />
      </Field>
      <Field label={t("Language")} hint={t("As a tag: en, de, pt-BR.")} error={at(save.error, "language")}>
        <Input
          value={values.language}
          onChange={event => set({ language: event.target.value })}
          maxLength={35}
          spellCheck={false}
        />
      </Field>
      <Field
        label={t("Slug")}
        hint={t("How the project is called in addresses and commands: small letters, digits and hyphens.")}
        error={at(save.error, "slug") && t("Small letters, digits and single hyphens, like spoke-wheel.")}
      >
        <Input
          value={values.slug}
          onChange={event => set({ slug: event.target.value })}
          maxLength={64}
          spellCheck={false}
        />
      </Field>
    </FormSection>
  );
}

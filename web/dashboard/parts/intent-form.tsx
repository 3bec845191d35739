import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import { t } from "@ui/words";
import type { PartFormProps } from "./form";
import type { Intent } from "./kinds";

const SCHEMA: FieldSchema = {
  properties: {
    name: { control: "text" },
    workflowId: { control: "workflow", description: t("What sees to it.") },
    utterances: {
      control: "list",
      items: { type: "string" },
      description: t("How people say it; five or more different ones work well."),
    },
    description: {
      control: "textarea",
      description: t("What it is about: a model decides by this where it is close."),
    },
    local: { control: "switch", description: t("Only while its workflow is under way.") },
  },
};

/** An intent: what people may want at any time, and the workflow that it starts. */
export function IntentForm({ part, errors, path, onChange }: PartFormProps<Intent>) {
  return (
    <SchemaForm
      schema={SCHEMA}
      root={{}}
      open
      value={part}
      errors={errors}
      path={path}
      onChange={(changed, field) => onChange(changed as unknown as Intent, field)}
    />
  );
}

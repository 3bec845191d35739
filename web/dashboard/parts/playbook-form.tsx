import { ModelInput } from "@dashboard/form/model-input";
import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import { t } from "@ui/words";
import type { PartFormProps } from "./form";
import type { Playbook } from "./kinds";

const SCHEMA: FieldSchema = {
  properties: {
    name: { control: "text" },
    description: {
      control: "textarea",
      description: t("When to hand a conversation to it: the model decides by this."),
    },
    instructions: {
      control: "textarea",
      description: t("What it does, and how. {{name}} puts in a variable."),
    },
    toolIds: { control: "tools", description: t("What it may use.") },
    knowledgeBase: { control: "switch", description: t("It may search the knowledge base.") },
    inputs: {
      control: "list",
      description: t("Variables that it is given."),
      items: {
        required: ["name"],
        properties: { name: { control: "variable" }, description: { control: "text", needed: true } },
      },
    },
    exits: {
      control: "list",
      description: t("The ways out of it, and what it must have collected by then."),
      items: {
        required: ["id", "description"],
        properties: {
          description: { control: "textarea" },
          collects: { control: "list", needed: true, items: { type: "string", control: "variable" } },
        },
      },
    },
    maxRounds: { control: "number", minimum: 1, description: t("How often the model is called in a turn.") },
  },
};

/** A playbook: what it is for, what it does, with what, and how it ends. */
export function PlaybookForm({ part, errors, path, onChange }: PartFormProps<Playbook>) {
  const inputs = part.inputs.map(each => (typeof each === "string" ? { name: each } : each));
  return (
    <>
      <SchemaForm
        schema={SCHEMA}
        root={{}}
        open
        value={{ ...part, inputs }}
        errors={errors}
        path={path}
        onChange={(changed, field) => onChange(changed as unknown as Playbook, field)}
      />
      <ModelInput
        hint={t("Left empty, the project's. Several with commas: the next is tried where one fails.")}
        error={errors.get(`${path}.model`)}
        value={part.model}
        onChange={model => onChange({ ...part, model: model ?? null }, "model")}
      />
    </>
  );
}

import { useShapes } from "@dashboard/data/schema";
import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { useState } from "react";
import type { PartFormProps } from "./form";
import type { Variable } from "./kinds";
import { renamed } from "./uses";

const NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const DEFAULTS: Readonly<Record<Variable["type"], string>> = {
  text: "text",
  number: "number",
  boolean: "switch",
  list: "json",
  object: "json",
};

function schemaOf(type: Variable["type"]): FieldSchema {
  return {
    properties: {
      type: {
        control: "select",
        enum: Object.keys(DEFAULTS),
        labels: {
          text: t("Text"),
          number: t("Number"),
          boolean: t("Yes or no"),
          list: t("List"),
          object: t("Object"),
        },
      },
      description: { control: "text", description: t("What it holds: models read it.") },
      default: { control: DEFAULTS[type], description: t("What it is when a conversation begins.") },
      scope: {
        control: "select",
        enum: ["conversation", "user"],
        labels: { conversation: t("One conversation"), user: t("The person, also after a reset") },
        description: t("For how long it is kept."),
      },
      pii: { control: "switch", description: t("It holds personal data: it is masked where people read.") },
      client: { control: "switch", description: t("A web page may set it.") },
      ...(type === "text" && {
        personName: {
          control: "switch",
          description: t(
            "It is the person's name: inbox and transcripts show it, also where it is personal data.",
          ),
        },
      }),
    },
  };
}

/** A variable: its name changes wherever it is used. */
export function VariableForm(
  props: PartFormProps<Variable> & { readonly onRenamed: (name: string) => void },
) {
  const { editor, part, errors, path, onChange, onRenamed } = props;
  const shapes = useShapes();
  const [name, setName] = useState(part.name);
  const taken = editor(state => state.document.variables).some(
    each => each.name === name && each.name !== part.name,
  );
  const wrong = taken
    ? t("There is a variable %{name} already.", { name })
    : NAME.test(name)
      ? undefined
      : t("Letters, digits and _, and no digit first.");
  const rename = () => {
    if (name === part.name) return;
    if (wrong) {
      setName(part.name);
      return;
    }
    editor
      .getState()
      .edit(t("Rename %{name}", { name: part.name }), now => renamed(now, part.name, name, shapes));
    onRenamed(name);
  };
  return (
    <>
      <Field
        label={t("Name")}
        hint={t("Changed wherever it is used but in code, when you leave the field.")}
        error={wrong ?? errors.get(`${path}.name`)}
      >
        <Input
          value={name}
          maxLength={200}
          spellCheck={false}
          autoComplete="off"
          className="font-mono text-dense"
          onChange={event => setName(event.currentTarget.value)}
          onBlur={rename}
          onKeyDown={event => event.key === "Enter" && !event.nativeEvent.isComposing && rename()}
        />
      </Field>
      <SchemaForm
        schema={schemaOf(part.type)}
        root={{}}
        open
        value={part}
        errors={errors}
        path={path}
        onChange={(changed, field) => {
          const next = changed as unknown as Variable;
          // A default of another type would be wrong.
          onChange(next.type === part.type ? next : { ...next, default: null }, field);
        }}
      />
    </>
  );
}

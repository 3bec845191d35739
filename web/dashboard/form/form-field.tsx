import { Switch } from "@ui/choice";
import { Field, Textarea } from "@ui/field";
import { NumberInput } from "@ui/number-input";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { ChoiceOfMany } from "./choice-of-many";
import { JsonInput } from "./json-input";
import { ListField } from "./list-field";
import { type Named, useNames } from "./names";
import { choicesOf, type FieldSchema, isInLanguages, resolved } from "./schema";
import { TemplateInput } from "./template-input";
import { VariableInput } from "./variable-input";

export interface FormFieldProps {
  readonly schema: FieldSchema;
  readonly root: FieldSchema;
  readonly label: string;
  readonly hint?: string;
  readonly value: unknown;
  readonly error?: string;
  readonly errors?: ReadonlyMap<string, string>;
  readonly path: string;
  /** `undefined`: it is left out. */
  readonly onChange: (value: unknown) => void;
}

/** One field of a form, edited as its schema's `control` says. */
export function FormField(props: FormFieldProps) {
  const schema = resolved(props.schema, props.root);
  const { label, hint, value, error, onChange } = props;
  switch (schema.control) {
    case "switch":
      return (
        <Switch label={label} hint={hint} checked={(value ?? schema.default) === true} onChange={onChange} />
      );
    case "list":
      return <ListField {...props} schema={schema} />;
    case "tools":
    case "playbooks":
      return <ChoiceOfMany {...props} schema={schema} of={schema.control} />;
    default:
      return (
        <Field label={label} hint={hint} error={error}>
          <Control {...props} schema={schema} />
        </Field>
      );
  }
}

function Control({ schema, value, onChange }: FormFieldProps) {
  const names = useNames();
  const text = typeof value === "string" ? value : value === undefined || value === null ? "" : String(value);
  switch (schema.control) {
    case "select":
      return (
        <Select
          value={text || String(schema.default ?? "")}
          onChange={onChange}
          options={choicesOf(schema)}
        />
      );
    case "number":
      return (
        <NumberInput
          value={typeof value === "number" ? value : undefined}
          {...(schema.type === "integer" && { step: 1 })}
          min={schema.minimum}
          max={schema.maximum}
          placeholder={
            schema.default === undefined || schema.default === null ? undefined : String(schema.default)
          }
          onChange={onChange}
        />
      );
    case "variable":
      return <VariableInput value={text} onChange={onChange} />;
    case "workflow":
      return <OneOf of={names.workflows} value={text} onChange={onChange} />;
    case "tool":
      return <OneOf of={names.tools} value={text} onChange={onChange} />;
    case "playbook":
      return <OneOf of={names.playbooks} value={text} onChange={onChange} />;
    case "code":
      // No names complete here: most words of code and of a pattern are none of the project's.
      return (
        <Textarea
          value={text}
          spellCheck={false}
          className="field-sizing-content max-h-80 font-mono text-dense"
          onChange={event => onChange(event.currentTarget.value)}
        />
      );
    case "expression":
      return <TemplateInput value={text} onChange={onChange} mono language="expression" />;
    case "json":
    case "variables":
    case "channels":
      return <JsonInput value={value} onChange={onChange} />;
    default:
      return <Text schema={schema} value={value} onChange={onChange} />;
  }
}

/** Text, in the project's first language where it is written in several. */
function Text({ schema, value, onChange }: Pick<FormFieldProps, "schema" | "value" | "onChange">) {
  const lines = schema.control === "textarea";
  if (isInLanguages(schema) && typeof value === "object" && value !== null) {
    const texts = value as Record<string, string>;
    return (
      <span className="flex flex-col gap-2">
        {Object.keys(texts).map(language => (
          <span key={language} className="flex items-start gap-2">
            <span className="mt-1.5 w-8 shrink-0 text-caption text-text-2">{language}</span>
            <span className="flex-1">
              <TemplateInput
                value={texts[language] ?? ""}
                lines={lines}
                onChange={changed => onChange({ ...texts, [language]: changed })}
              />
            </span>
          </span>
        ))}
      </span>
    );
  }
  const text =
    typeof value === "string" ? value : value === undefined || value === null ? "" : JSON.stringify(value);
  return <TemplateInput value={text} onChange={onChange} lines={lines} />;
}

function OneOf({
  of,
  value,
  onChange,
}: {
  readonly of: readonly Named[];
  readonly value: string;
  readonly onChange: (value: unknown) => void;
}) {
  const options = [
    { value: "", label: of.length ? t("None chosen") : t("There is none yet") },
    ...of.map(each => ({ value: each.id, label: each.name })),
  ];
  // What is gone stays readable.
  if (value && !of.some(each => each.id === value))
    options.push({ value, label: t("%{value} (gone)", { value }) });
  return <Select value={value} onChange={onChange} options={options} />;
}

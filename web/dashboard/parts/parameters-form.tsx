import { JsonInput } from "@dashboard/form/json-input";
import { Button, IconButton } from "@ui/button";
import { Switch } from "@ui/choice";
import { Field, Input } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { Braces, ListChecks, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { freeName } from "./kinds";
import { type Parameter, type ParameterType, parametersOf, TYPES, withParameters } from "./parameters";

export interface ParametersFormProps {
  /** A JSON Schema. */
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

const OPTIONS = Object.entries(TYPES).map(([value, label]) => ({ value: value as ParameterType, label }));

/** What a model gives a tool: value by value, or as the JSON Schema that it is. */
export function ParametersForm({ value, error, onChange }: ParametersFormProps) {
  const [raw, setRaw] = useState(false);
  const parameters = parametersOf(value);
  const put = (next: readonly Parameter[]) => onChange(withParameters(value, next));
  const asJson = raw || parameters === undefined;
  return (
    <section aria-label={t("Parameters")} className="flex flex-col gap-3">
      <div className="flex items-center gap-2">
        <h3 className="flex-1 font-medium text-dense">{t("Parameters")}</h3>
        {parameters && (
          <Button dense look="quiet" icon={asJson ? ListChecks : Braces} onClick={() => setRaw(is => !is)}>
            {asJson ? t("Edit as form") : t("Edit as JSON")}
          </Button>
        )}
      </div>
      <p className="text-caption text-text-2">
        {t("What the model gives it, reached as")} {"{{args.name}}"}.
        {parameters === undefined && t(" This schema says more than a form can show.")}
      </p>
      {error && <p className="text-bad text-caption">{error}</p>}
      {asJson ? (
        <Field label={t("JSON Schema")}>
          <JsonInput value={value} onChange={onChange} />
        </Field>
      ) : (
        <>
          {parameters.map((parameter, index) => (
            <One
              // biome-ignore lint/suspicious/noArrayIndexKey: its name is what is being edited
              key={index}
              parameter={parameter}
              onChange={next => put(parameters.with(index, next))}
              onRemove={() => put(parameters.filter((_, at) => at !== index))}
              isTaken={name => parameters.some((each, at) => at !== index && each.name === name)}
            />
          ))}
          <Button
            dense
            icon={Plus}
            className="self-start"
            onClick={() =>
              put([
                ...parameters,
                {
                  name: freeName(
                    "parameter",
                    parameters.map(each => each.name),
                  ),
                  type: "string",
                  description: "",
                  required: true,
                  choices: [],
                },
              ])
            }
          >
            {t("Add parameter")}
          </Button>
        </>
      )}
    </section>
  );
}

interface OneProps {
  readonly parameter: Parameter;
  readonly isTaken: (name: string) => boolean;
  readonly onChange: (parameter: Parameter) => void;
  readonly onRemove: () => void;
}

function One({ parameter, isTaken, onChange, onRemove }: OneProps) {
  const [name, setName] = useState(parameter.name);
  const [before, setBefore] = useState(parameter.name);
  if (before !== parameter.name) {
    // Undone, or changed as JSON.
    setBefore(parameter.name);
    setName(parameter.name);
  }
  const wrong = isTaken(name)
    ? t("There is a parameter %{name} already.", { name })
    : name.trim()
      ? undefined
      : t("It needs a name.");
  return (
    <fieldset className="flex min-w-0 flex-col gap-2 rounded-card border border-line p-3">
      <legend className="sr-only">{parameter.name}</legend>
      <div className="flex items-start gap-2">
        <Field label={t("Name")} error={wrong} className="min-w-0 flex-1">
          <Input
            value={name}
            spellCheck={false}
            autoComplete="off"
            className="font-mono text-dense"
            onChange={event => setName(event.currentTarget.value)}
            onBlur={() =>
              wrong ? setName(parameter.name) : name !== parameter.name && onChange({ ...parameter, name })
            }
          />
        </Field>
        <Field label={t("Type")} className="w-36">
          <Select
            value={parameter.type}
            options={OPTIONS}
            onChange={type =>
              onChange({ ...parameter, type, choices: type === "string" ? parameter.choices : [] })
            }
          />
        </Field>
        <IconButton
          icon={Trash2}
          label={t("Remove %{name}", { name: parameter.name })}
          onClick={onRemove}
          className="mt-6"
        />
      </div>
      <Field label={t("Description")} hint={t("The model decides by it what to give.")}>
        <Input
          value={parameter.description}
          dir="auto"
          onChange={event => onChange({ ...parameter, description: event.currentTarget.value })}
        />
      </Field>
      {parameter.type === "string" && (
        <Choices value={parameter.choices} onChange={choices => onChange({ ...parameter, choices })} />
      )}
      <Switch
        label={t("Required")}
        checked={parameter.required}
        onChange={required => onChange({ ...parameter, required })}
      />
    </fieldset>
  );
}

function Choices({
  value,
  onChange,
}: {
  readonly value: readonly string[];
  readonly onChange: (value: string[]) => void;
}) {
  const written = value.join(", ");
  const [text, setText] = useState(written);
  const read = (typed: string) =>
    typed
      .split(",")
      .map(each => each.trim())
      .filter(Boolean);
  return (
    <Field label={t("Only these")} hint={t("Texts with commas between them; left empty, any.")}>
      <Input
        value={text}
        dir="auto"
        onChange={event => setText(event.currentTarget.value)}
        onBlur={() => {
          const next = [...new Set(read(text))];
          setText(next.join(", "));
          if (next.join() !== value.join()) onChange(next);
        }}
      />
    </Field>
  );
}

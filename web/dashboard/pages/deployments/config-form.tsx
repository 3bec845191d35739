import type { ApiError } from "@client/api";
import {
  choicesOf,
  descriptionOf,
  type FieldSchema,
  labelOf,
  propertiesOf,
  resolved,
} from "@dashboard/form/schema";
import { Button } from "@ui/button";
import { Switch } from "@ui/choice";
import { Field, Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useState } from "react";
import type { Channel, Config } from "./data";

export interface ConfigFormProps {
  readonly kind: Channel;
  readonly value: Config;
  readonly onChange: (value: Config) => void;
  /** The secrets that have a value on the server, which is told to nobody. */
  readonly kept?: readonly string[];
  readonly error?: ApiError;
}

/** What a channel is configured with: needed fields first, the rest folded. A secret that is left empty stays. */
export function ConfigForm({ kind, value, onChange, kept = [], error }: ConfigFormProps) {
  const schema = kind.configSchema as FieldSchema;
  const [more, setMore] = useState(false);
  const fields = propertiesOf(schema);
  const needed = fields.filter(
    ([name, field]) => field.needed || kept.includes(name) || name in kind.example,
  );
  const rest = fields.filter(each => !needed.includes(each));
  const shownRest = more || rest.some(([name]) => error?.at(`config.${name}`));
  const field = ([name, each]: (typeof fields)[number]) => (
    <ConfigField
      key={name}
      name={name}
      path={`config.${name}`}
      schema={each}
      root={schema}
      secret={kind.secrets.includes(name)}
      kept={kept.includes(name)}
      value={value[name]}
      error={error}
      onChange={changed => {
        const next = { ...value };
        if (changed === undefined) delete next[name];
        else next[name] = changed;
        onChange(next);
      }}
    />
  );
  return (
    <div className="flex flex-col gap-4">
      {needed.map(field)}
      {rest.length > 0 && (
        <div>
          <Button
            look="quiet"
            dense
            aria-expanded={shownRest}
            onClick={() => setMore(is => !is)}
            className="-ms-2"
          >
            <Icon of={shownRest ? ChevronDown : ChevronRight} />
            {t("More")}
          </Button>
        </div>
      )}
      {shownRest && rest.map(field)}
    </div>
  );
}

interface ConfigFieldProps {
  readonly name: string;
  readonly path: string;
  readonly schema: FieldSchema;
  readonly root: FieldSchema;
  readonly secret: boolean;
  readonly kept: boolean;
  readonly value: unknown;
  readonly error: ApiError | undefined;
  readonly onChange: (value: unknown) => void;
}

function ConfigField(props: ConfigFieldProps) {
  const { name, path, secret, kept, value, error, onChange, root } = props;
  // `null` is only how a field is left out.
  const schema = bare(props.schema, root);
  const label = labelOf(name);
  const hint = descriptionOf(props.schema);
  if (schema.control === "switch" || schema.type === "boolean") {
    return (
      <Switch label={label} hint={hint} checked={(value ?? schema.default) === true} onChange={onChange} />
    );
  }
  if (schema.properties) {
    const inner = (typeof value === "object" && value !== null ? value : {}) as Config;
    return (
      <fieldset className="flex flex-col gap-4 rounded-card border border-line p-4">
        <legend className="px-1 font-medium text-dense text-text">{label}</legend>
        <p className="text-caption text-text-2">
          {hint}
          {kept && t(" It is set; what you fill in takes its place as a whole.")}
        </p>
        {propertiesOf(schema).map(([each, field]) => (
          <ConfigField
            key={each}
            name={each}
            path={`${path}.${each}`}
            schema={field}
            root={root}
            secret={each === "password"}
            kept={false}
            value={inner[each]}
            error={error}
            onChange={changed => {
              const next = { ...inner };
              if (changed === undefined) delete next[each];
              else next[each] = changed;
              onChange(Object.keys(next).length > 0 ? next : undefined);
            }}
          />
        ))}
      </fieldset>
    );
  }
  const text = value === undefined || value === null ? "" : String(value);
  return (
    <Field label={label} hint={hint} error={error?.at(path)}>
      {schema.enum ? (
        <Select
          value={text || String(schema.default ?? "")}
          onChange={onChange}
          options={choicesOf(schema)}
        />
      ) : (
        <Input
          type={secret ? "password" : "text"}
          inputMode={schema.type === "integer" ? "numeric" : undefined}
          autoComplete={secret ? "new-password" : "off"}
          spellCheck={false}
          value={text}
          placeholder={kept ? t("Set. Fill in to replace it") : placeholderOf(schema)}
          onChange={event => {
            const typed = event.target.value;
            onChange(typed === "" ? undefined : schema.type === "integer" ? Number(typed) || typed : typed);
          }}
        />
      )}
    </Field>
  );
}

/** The schema without the `null` that a field may also be. */
function bare(schema: FieldSchema, root: FieldSchema): FieldSchema {
  const own = resolved(schema, root);
  const some = own.anyOf?.find(each => each.type !== "null");
  return some ? { ...own, ...resolved(some, root) } : own;
}

function placeholderOf(schema: FieldSchema): string | undefined {
  return typeof schema.default === "string" ? schema.default : undefined;
}

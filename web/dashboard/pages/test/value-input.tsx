import { JsonInput } from "@dashboard/form/json-input";
import { useNames } from "@dashboard/form/names";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Menu, MenuItem } from "@ui/menu";
import { NumberInput } from "@ui/number-input";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { Plus, Trash2 } from "lucide-react";

const EMPTY: Readonly<Record<string, unknown>> = { text: "", number: 0, boolean: true, list: [], object: {} };

/** A value of a variable's type, kept where it is one already. */
export function fitting(type: string | undefined, value: unknown): unknown {
  return type === undefined || fits(type, value) ? value : EMPTY[type];
}

function fits(type: string, value: unknown): boolean {
  if (type === "text") return typeof value === "string";
  if (type === "list") return Array.isArray(value);
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value);
  return typeof value === type;
}

/** The value of a variable, by its type; what is of another type, or of none that is known, is JSON. */
export function ValueInput({
  type,
  value,
  onChange,
}: {
  readonly type: string | undefined;
  readonly value: unknown;
  readonly onChange: (value: unknown) => void;
}) {
  if (type === "text" && fits(type, value))
    return (
      <Input value={value as string} dir="auto" onChange={event => onChange(event.currentTarget.value)} />
    );
  if (type === "number" && fits(type, value))
    return <NumberInput needed value={value as number} onChange={onChange} />;
  if (type === "boolean" && fits(type, value))
    return (
      <Select
        value={value === true ? "true" : "false"}
        options={[
          { value: "true", label: t("Yes") },
          { value: "false", label: t("No") },
        ]}
        onChange={chosen => onChange(chosen === "true")}
      />
    );
  return <JsonInput value={value} onChange={changed => onChange(changed ?? null)} />;
}

export interface ValuesFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: Readonly<Record<string, unknown>> | undefined;
  readonly error: string | undefined;
  readonly onChange: (value: Record<string, unknown> | undefined) => void;
}

/** Values of the project's variables, by their names. */
export function ValuesField({ label, hint, value = {}, error, onChange }: ValuesFieldProps) {
  const { variables } = useNames();
  const free = variables.filter(each => !(each.name in value));
  const put = (name: string, given: unknown) => onChange({ ...value, [name]: given });
  const drop = (name: string) => {
    const { [name]: _, ...rest } = value;
    onChange(Object.keys(rest).length > 0 ? rest : undefined);
  };
  return (
    <fieldset className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-dense">{label}</legend>
      <p className="text-caption text-text-2">{hint}</p>
      {error && <p className="text-bad text-caption">{error}</p>}
      {Object.entries(value).map(([name, given]) => (
        <div key={name} className="flex items-end gap-1">
          <Field label={name} className="flex-1">
            <ValueInput
              type={variables.find(each => each.name === name)?.type}
              value={given}
              onChange={next => put(name, next)}
            />
          </Field>
          <IconButton icon={Trash2} label={t("Remove %{name}", { name })} onClick={() => drop(name)} />
        </div>
      ))}
      <div>
        <Menu
          align="start"
          trigger={
            <Button dense icon={Plus} disabled={free.length === 0}>
              {t("Set variable")}
            </Button>
          }
        >
          {free.map(({ name, type }) => (
            <MenuItem key={name} onSelect={() => put(name, EMPTY[type])}>
              {name}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </fieldset>
  );
}

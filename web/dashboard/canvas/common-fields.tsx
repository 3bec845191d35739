import { t } from "@ui/words";
import type { StepType } from "../data/schema";
import type { Step } from "../editing/flow";
import { equal } from "../editing/merge";
import { FormField } from "../form/form-field";
import { descriptionOf, type FieldSchema, labelOf, propertiesOf } from "../form/schema";

export interface CommonFieldsProps {
  readonly steps: readonly Step[];
  readonly types: ReadonlyMap<string, StepType>;
  /** Gives a field of all of them one value; `undefined`: it is left out. */
  readonly onChange: (field: string, value: unknown) => void;
}

// A list has ids of its own in each step.
const APART = new Set(["list", "json", "variables", "channels"]);

/** The fields that several steps have in common: what is given to one is given to all. */
export function CommonFields({ steps, types, onChange }: CommonFieldsProps) {
  const fields = commonFields(steps, types);
  if (fields.length === 0) return null;
  return (
    <section aria-label={t("Fields of all")} className="flex flex-col gap-4 border-line border-t pt-4">
      <h3 className="font-medium text-dense">{t("Fields of all")}</h3>
      {fields.map(({ name, schema, root }) => {
        const values = steps.map(each => each.config[name]);
        const same = values.every(each => equal(each, values[0]));
        return (
          <FormField
            key={name}
            schema={schema}
            root={root}
            label={labelOf(name)}
            hint={same ? descriptionOf(schema) : t("They differ. What you give here is given to all.")}
            value={same ? values[0] : undefined}
            path={name}
            onChange={value => onChange(name, value)}
          />
        );
      })}
    </section>
  );
}

interface Common {
  readonly name: string;
  readonly schema: FieldSchema;
  readonly root: FieldSchema;
}

/** The fields of the first that are fields of the same kind in all others. */
function commonFields(steps: readonly Step[], types: ReadonlyMap<string, StepType>): Common[] {
  const schemas = [...new Set(steps.map(each => each.type))].map(
    type => (types.get(type)?.configSchema ?? {}) as FieldSchema,
  );
  const [root, ...others] = schemas;
  if (!root) return [];
  return propertiesOf(root)
    .filter(([name, { control, enum: choices }]) => {
      if (APART.has(control ?? "")) return false;
      return others.every(each => {
        const other = each.properties?.[name];
        return other?.control === control && equal(other?.enum, choices);
      });
    })
    .map(([name, schema]) => ({ name, schema, root }));
}

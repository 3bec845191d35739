import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { ChevronDown, ChevronRight } from "lucide-react";
import { useRef, useState } from "react";
import { FormField } from "./form-field";
import { descriptionOf, type FieldSchema, isNeeded, labelOf, propertiesOf, resolved } from "./schema";

export interface SchemaFormProps {
  /** The schema of an object, with a control for each of its fields. */
  readonly schema: FieldSchema;
  /** Where `$ref`s of it lead. */
  readonly root: FieldSchema;
  readonly value: Readonly<Record<string, unknown>>;
  /** The whole object anew; `field` is the one that changed. */
  readonly onChange: (value: Record<string, unknown>, field: string) => void;
  /** What is wrong, by the path of the field. */
  readonly errors?: ReadonlyMap<string, string>;
  readonly path?: string;
  /** Fields that are not shown: ids that are only ports. */
  readonly hidden?: ReadonlySet<string>;
  /** All fields at once, without a fold. */
  readonly open?: boolean;
  /** An example of the value: what it fills in is what most people need. */
  readonly example?: Readonly<Record<string, unknown>>;
}

/** A form from a JSON Schema: what is needed or filled in first, the rest folded under "More". */
export function SchemaForm(props: SchemaFormProps) {
  const { schema, root, value, onChange, errors, path = "", hidden, open, example } = props;
  const [more, setMore] = useState(false);
  const fields = propertiesOf(schema).filter(([name]) => !hidden?.has(name));
  const stands = ([name, field]: (typeof fields)[number], index: number) =>
    index === 0 || isNeeded(field) || (example !== undefined && name in example);
  const comesUp = ([name, field]: (typeof fields)[number]) =>
    errorOf(errors, path ? `${path}.${name}` : name) !== undefined || isFilled(value[name], field);
  const above = useRef(new Set<string>());
  // Whoever writes in a field keeps it where it is: what is above the fold stays, and of an open fold none comes up.
  for (const each of fields) if (!more && comesUp(each)) above.current.add(each[0]);
  const first = fields.filter((each, index) => stands(each, index) || above.current.has(each[0]));
  const shown = open || first.length === fields.length ? fields : first;
  const rest = open ? [] : fields.filter(each => !shown.includes(each));
  const field = ([name, each]: (typeof fields)[number]) => {
    const place = path ? `${path}.${name}` : name;
    return (
      <FormField
        key={name}
        schema={each}
        root={root}
        label={labelOf(name, resolved(each, root).control)}
        hint={descriptionOf(each)}
        value={value[name]}
        error={errorOf(errors, place)}
        errors={errors}
        path={place}
        onChange={changed => {
          const next = { ...value };
          if (changed === undefined) delete next[name];
          else next[name] = changed;
          onChange(next, place);
        }}
      />
    );
  };
  return (
    <div className="flex flex-col gap-4">
      {shown.map(field)}
      {rest.length > 0 && (
        <>
          <div>
            <Button
              look="quiet"
              dense
              aria-expanded={more}
              onClick={() => setMore(is => !is)}
              className="-ms-2"
            >
              <Icon of={more ? ChevronDown : ChevronRight} />
              {t("More")}
            </Button>
          </div>
          {more && rest.map(field)}
        </>
      )}
    </div>
  );
}

/** What is wrong with a field, or by name inside it, such as `headers.X-Key`. */
function errorOf(errors: SchemaFormProps["errors"], place: string): string | undefined {
  const inside = () => [...(errors ?? [])].find(([path]) => path.startsWith(`${place}.`));
  return errors?.get(place) ?? inside()?.[1];
}

/** Whether somebody gave the field a value of its own. */
function isFilled(value: unknown, schema: FieldSchema): boolean {
  if (value === undefined || value === null || value === "" || value === schema.default) return false;
  if (Array.isArray(value)) return value.length > 0;
  return typeof value !== "object" || Object.keys(value).length > 0;
}

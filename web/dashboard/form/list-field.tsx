import { Button, IconButton } from "@ui/button";
import { t } from "@ui/words";
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useRef } from "react";
import { newId } from "../editing/flow";
import { FormField, type FormFieldProps } from "./form-field";
import { emptyItem, resolved } from "./schema";
import { SchemaForm } from "./schema-form";

/** What is written or chosen in; of code it is no field by its name. */
const FIELD = "input, textarea, [role=combobox], [role=textbox]";
const ID = new Set(["id"]);

/** A list: each item with its own fields, moved and removed by buttons. */
export function ListField({ schema, root, label, hint, value, onChange, errors, path }: FormFieldProps) {
  const items = Array.isArray(value) ? (value as unknown[]) : [];
  const kind = resolved(schema.items ?? {}, root);
  const one = label.replace(/ies$/, "y").replace(/s$/, "").toLowerCase();
  const list = useRef<HTMLFieldSetElement>(null);
  const add = () => {
    onChange([...items, emptyItem(kind, newId("port"))]);
    requestAnimationFrame(() => {
      const added = [...(list.current?.querySelectorAll<HTMLElement>(":scope > [data-item]") ?? [])].at(-1);
      added?.querySelector<HTMLElement>(FIELD)?.focus();
    });
  };
  const put = (index: number, item: unknown) => onChange(items.with(index, item));
  const move = (index: number, by: number) => {
    const next = [...items];
    const [item] = next.splice(index, 1);
    next.splice(index + by, 0, item);
    onChange(next);
  };
  return (
    <fieldset ref={list} className="flex min-w-0 flex-col gap-2">
      <legend className="mb-1 font-medium text-dense">{label}</legend>
      {hint && <p className="text-caption text-text-2">{hint}</p>}
      {items.map((item, index) => {
        const buttons = (
          <>
            <IconButton
              dense
              icon={ArrowUp}
              label={t("Move %{one} %{value} up", { one, value: index + 1 })}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            />
            <IconButton
              dense
              icon={ArrowDown}
              label={t("Move %{one} %{value} down", { one, value: index + 1 })}
              disabled={index === items.length - 1}
              onClick={() => move(index, 1)}
            />
            <IconButton
              dense
              icon={Trash2}
              label={t("Remove %{one} %{value}", { one, value: index + 1 })}
              onClick={() => onChange(items.filter((_, at) => at !== index))}
            />
          </>
        );
        const named = `${one} ${index + 1}`;
        const title = named.charAt(0).toUpperCase() + named.slice(1);
        const key = keyOf(item) ?? index;
        return kind.properties ? (
          <div
            key={key}
            data-item
            className="flex min-w-0 flex-col gap-2 rounded-card border border-line p-2"
          >
            <div className="flex items-center gap-1">
              <span className="flex-1 text-caption text-text-2">{title}</span>
              {buttons}
            </div>
            <SchemaForm
              schema={kind}
              root={root}
              value={(item ?? {}) as Record<string, unknown>}
              errors={errors}
              path={`${path}[${index}]`}
              hidden={ID}
              onChange={changed => put(index, changed)}
            />
          </div>
        ) : (
          <div key={key} data-item className="flex min-w-0 items-end gap-1">
            <div className="min-w-0 flex-1">
              <FormField
                schema={{ ...kind, control: kind.control ?? "text" }}
                root={root}
                label={title}
                value={item}
                error={errors?.get(`${path}[${index}]`)}
                path={`${path}[${index}]`}
                onChange={changed => put(index, changed ?? "")}
              />
            </div>
            {buttons}
          </div>
        );
      })}
      <div>
        <Button dense icon={Plus} onClick={add}>
          {t("Add %{one}", { one })}
        </Button>
      </div>
    </fieldset>
  );
}

function keyOf(item: unknown): string | undefined {
  const id = typeof item === "object" && item !== null ? (item as { id?: unknown }).id : undefined;
  return typeof id === "string" ? id : undefined;
}

import { Checkbox } from "@ui/choice";
import { t } from "@ui/words";
import type { FormFieldProps } from "./form-field";
import { useNames } from "./names";

/** Some of the project's tools or playbooks. */
export function ChoiceOfMany({
  label,
  hint,
  value,
  onChange,
  of,
}: FormFieldProps & { readonly of: "tools" | "playbooks" }) {
  const all = useNames()[of];
  const chosen = Array.isArray(value) ? (value as string[]) : [];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium text-dense">{label}</legend>
      {all.length === 0 && (
        <p className="text-caption text-text-2">{t("The project has no %{of} yet.", { of })}</p>
      )}
      {all.map(each => (
        <Checkbox
          key={each.id}
          label={each.name}
          checked={chosen.includes(each.id)}
          onChange={on => onChange(on ? [...chosen, each.id] : chosen.filter(id => id !== each.id))}
        />
      ))}
      {hint && <p className="text-caption text-text-2">{hint}</p>}
    </fieldset>
  );
}

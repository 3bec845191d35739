import { Checkbox, Switch } from "@ui/choice";
import { t } from "@ui/words";

export interface AllowedProps {
  readonly legend: string;
  /** What it means that all of them are taken. */
  readonly all: string;
  readonly hint?: string;
  readonly options: readonly { readonly id: string; readonly name: string }[];
  /** `undefined` or `null`: all of them. */
  readonly value: readonly string[] | null | undefined;
  readonly onChange: (value: readonly string[] | undefined) => void;
}

/** All of something, or only those that are chosen. */
export function Allowed({ legend, all, hint, options, value, onChange }: AllowedProps) {
  const chosen = value ?? undefined;
  const gone = chosen?.filter(id => !options.some(each => each.id === id)) ?? [];
  const toggle = (id: string, on: boolean) =>
    onChange(on ? [...(chosen ?? []), id] : chosen?.filter(each => each !== id));
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium text-dense">{legend}</legend>
      <Switch
        label={all}
        hint={hint}
        checked={chosen === undefined}
        onChange={on => onChange(on ? undefined : options.map(each => each.id))}
      />
      {chosen && (
        <div className="flex flex-col ps-12">
          {options.length === 0 && <p className="text-caption text-text-2">{t("There is none yet.")}</p>}
          {options.map(each => (
            <Checkbox
              key={each.id}
              label={each.name}
              checked={chosen.includes(each.id)}
              onChange={on => toggle(each.id, on)}
            />
          ))}
          {gone.map(id => (
            <Checkbox key={id} label={t("%{id} (gone)", { id })} checked onChange={() => toggle(id, false)} />
          ))}
        </div>
      )}
    </fieldset>
  );
}

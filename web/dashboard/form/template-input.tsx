import { Field as Base } from "@base-ui/react/field";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { t } from "@ui/words";
import { useId, useRef } from "react";
import type { Language } from "./completion";
import { useNames } from "./names";
import { Preview, useLastTest } from "./preview";
import { useCompletion } from "./use-completion";

export interface TemplateInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly lines?: boolean;
  readonly mono?: boolean;
  readonly language?: Language;
  readonly placeholder?: string;
}

const SYSTEM = ["sys.language", "sys.now", "sys.turn", "sys.userId", "sys.platform", "sys.event.payload"];

/** A variable's type, and its value in the last test. */
function told(
  name: string,
  variables: readonly { readonly name: string; readonly type: string }[],
  values: Readonly<Record<string, unknown>> | undefined,
): string {
  const type = variables.find(each => each.name === name)?.type ?? "";
  const value = values?.[name];
  if (value === undefined || value === null) return type;
  return `${type} · ${(typeof value === "object" ? JSON.stringify(value) : String(value)).slice(0, 40)}`;
}

/** Text in which `{{` offers the project's variables; an expression, in which names complete as they are. */
export function TemplateInput({
  value,
  onChange,
  lines,
  mono,
  language = "template",
  placeholder,
}: TemplateInputProps) {
  const { variables } = useNames();
  const values = useLastTest()?.values;
  const area = useRef<HTMLTextAreaElement & HTMLInputElement>(null);
  const list = useId();
  const names = [...variables.map(each => each.name), ...SYSTEM];
  const { offered, index: chosen, look, take, press, close } = useCompletion(area, names, language, onChange);
  const shared = {
    ref: area,
    value,
    placeholder,
    dir: "auto",
    spellCheck: !mono,
    "aria-autocomplete": "list" as const,
    "aria-controls": list,
    // Several lines can be no combobox: there it is a text field with a list.
    ...(lines
      ? { "aria-haspopup": "listbox" as const }
      : { role: "combobox", "aria-expanded": offered.length > 0 }),
    "aria-activedescendant": chosen in offered ? `${list}-${chosen}` : undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange(event.currentTarget.value);
      look();
    },
    onKeyDown: press,
    // Where the caret goes elsewhere, another word is meant.
    onSelect: () => look("again"),
    onBlur: close,
    className: cx(
      CONTROL,
      "px-2.5 py-1.5",
      mono && "font-mono text-dense",
      lines ? "field-sizing-content max-h-80 min-h-16 resize-y" : "h-8",
    ),
  };
  return (
    <span className="block">
      <span className="relative block">
        <Base.Control
          value={value}
          render={lines ? <textarea {...shared} /> : <input type="text" {...shared} />}
        />
        <span
          id={list}
          role="listbox"
          tabIndex={-1}
          aria-label={t("Variables")}
          hidden={offered.length === 0}
          className="absolute inset-x-0 top-full z-40 mt-1 rounded-card bg-raised p-1 shadow-popover"
        >
          {offered.map((name, index) => (
            <span
              key={name}
              id={`${list}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              className={cx(
                "block cursor-default truncate rounded-control px-2 py-1 font-mono text-dense",
                index === chosen && "bg-hover",
              )}
              onPointerDown={event => {
                event.preventDefault();
                take(name);
              }}
            >
              {name}
              <span className="ps-2 text-text-3">{told(name, variables, values)}</span>
            </span>
          ))}
        </span>
      </span>
      <Preview kind={language} source={value} />
    </span>
  );
}

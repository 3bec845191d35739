import { Field as Base } from "@base-ui/react/field";
import { cx } from "@ui/cx";
import { CONTROL } from "@ui/field";
import { t } from "@ui/words";
import { type KeyboardEvent, useId, useRef, useState } from "react";
import { useNames } from "./names";
import { Preview, useLastTest } from "./preview";

export interface TemplateInputProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly lines?: boolean;
  readonly mono?: boolean;
  /** In all but a template, names complete without braces. */
  readonly language?: "template" | "expression" | "code";
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

/** Text in which `{{` offers the project's variables. */
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
  const [open, setOpen] = useState<{ word: string; index: number }>();
  const list = useId();
  const offered = open
    ? [...variables.map(each => each.name), ...SYSTEM].filter(name => name.includes(open.word)).slice(0, 8)
    : [];
  const look = () => {
    const before = area.current?.value.slice(0, area.current.selectionStart ?? 0) ?? "";
    const found = (language !== "template" ? /([a-zA-Z_][\w.]*)$/ : /\{\{\s*([\w.]*)$/).exec(before);
    setOpen(found ? { word: found[1] ?? "", index: 0 } : undefined);
  };
  const take = (name: string) => {
    const element = area.current;
    if (!element || !open) return;
    const at = element.selectionStart ?? 0;
    const start = at - open.word.length;
    const rest = element.value.slice(at);
    const end = language !== "template" || rest.trimStart().startsWith("}}") ? "" : "}}";
    onChange(element.value.slice(0, start) + name + end + rest);
    setOpen(undefined);
    requestAnimationFrame(() =>
      element.setSelectionRange(start + name.length + end.length, start + name.length + end.length),
    );
  };
  const press = (event: KeyboardEvent) => {
    if (!open || offered.length === 0) return;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      setOpen({ ...open, index: (open.index + move + offered.length) % offered.length });
    } else if (event.key === "Enter" || event.key === "Tab") {
      event.preventDefault();
      take(offered[open.index] ?? "");
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      setOpen(undefined);
    }
  };
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
    "aria-activedescendant": offered.length > 0 ? `${list}-${open?.index}` : undefined,
    onChange: (event: { currentTarget: { value: string } }) => {
      onChange(event.currentTarget.value);
      look();
    },
    onKeyDown: press,
    onBlur: () => setOpen(undefined),
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
              aria-selected={index === open?.index}
              className={cx(
                "block cursor-default truncate rounded-control px-2 py-1 font-mono text-dense",
                index === open?.index && "bg-hover",
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
      {language !== "code" && <Preview kind={language} source={value} />}
    </span>
  );
}

import { errorIn } from "@dashboard/editing/use-errors";
import { JsonInput } from "@dashboard/form/json-input";
import { useNames } from "@dashboard/form/names";
import { VariableInput } from "@dashboard/form/variable-input";
import { IconButton } from "@ui/button";
import { Field, Input, Textarea } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { Trash2 } from "lucide-react";
import { useId } from "react";
import { type Expectation, KINDS, kindOf, ofKind } from "./shapes";
import { fitting, ValueInput } from "./value-input";

export interface ExpectationFieldsProps {
  readonly expectation: Expectation;
  /** Counted from 1. */
  readonly number: number;
  readonly path: string;
  readonly errors: ReadonlyMap<string, string>;
  /** `workflow/step`, and how people know it. */
  readonly steps: readonly { readonly id: string; readonly label: string }[];
  readonly onChange: (expectation: Expectation) => void;
  readonly onRemove: () => void;
}

/** One thing that must come of a turn: what kind of thing, and the fields that it takes. */
export function ExpectationFields(props: ExpectationFieldsProps) {
  const { expectation, number, path, errors, onChange, onRemove } = props;
  return (
    <li className="flex min-w-0 flex-wrap items-start gap-2 border-line border-s-2 ps-3">
      <Field
        label={t("Expectation %{number}", { number })}
        hideLabel
        error={errors.get(path)}
        className="w-52 max-sm:w-full"
      >
        <Select
          value={kindOf(expectation)}
          options={KINDS}
          onChange={kind => onChange(ofKind(kind, expectation))}
        />
      </Field>
      <div className="flex min-w-48 flex-1 flex-col gap-2">
        <What {...props} />
        {!KINDS.some(({ value }) => errors.has(`${path}.${value}`)) && !errors.has(path) && (
          <Deeper error={errorIn(errors, path)} />
        )}
      </div>
      <IconButton icon={Trash2} label={t("Remove expectation %{number}", { number })} onClick={onRemove} />
    </li>
  );
}

/** What is wrong inside a value. */
function Deeper({ error }: { readonly error: string | undefined }) {
  return error ? <p className="text-bad text-caption">{error}</p> : null;
}

function What({ expectation, path, errors, steps, onChange }: ExpectationFieldsProps) {
  const kind = kindOf(expectation);
  const field = { hideLabel: true, error: errors.get(`${path}.${kind}`) };
  const words = (value: string) => onChange({ [kind]: value });
  const text = typeof expectation[kind] === "string" ? (expectation[kind] as string) : "";
  switch (kind) {
    case "variable":
      return <Variable expectation={expectation} path={path} errors={errors} onChange={onChange} />;
    case "step":
      return (
        <Field label={t("Step")} {...field} hint={steps.find(each => each.id === text)?.label}>
          <Listed value={text} options={steps} placeholder="main/ask" onChange={words} />
        </Field>
      );
    case "judge":
      return (
        <Field label={t("What a model has to find true of the answer")} {...field}>
          <Textarea
            value={text}
            dir="auto"
            rows={2}
            className="field-sizing-content min-h-8!"
            placeholder={t("It is friendly and asks for the order number.")}
            onChange={event => words(event.currentTarget.value)}
          />
        </Field>
      );
    case "source":
      return (
        <Field label={t("Document")} {...field} hint={t("Its name in the knowledge base, or its id.")}>
          <Input value={text} dir="auto" onChange={event => words(event.currentTarget.value)} />
        </Field>
      );
    case "trace":
      return <Trace expectation={expectation} error={field.error} onChange={onChange} />;
    default:
      return (
        <Field label={t("Text")} {...field}>
          <Input value={text} dir="auto" onChange={event => words(event.currentTarget.value)} />
        </Field>
      );
  }
}

type SomeProps = Pick<ExpectationFieldsProps, "expectation" | "path" | "errors" | "onChange">;

function Variable({ expectation, path, errors, onChange }: SomeProps) {
  const { variables } = useNames();
  const name = expectation.variable ?? "";
  const typeOf = (of: string) => variables.find(each => each.name === of)?.type;
  return (
    <div className="flex min-w-0 flex-wrap items-start gap-2">
      <Field
        hideLabel
        label={t("Variable")}
        error={errors.get(`${path}.variable`)}
        className="min-w-32 flex-1"
      >
        <VariableInput
          value={name}
          onChange={given => {
            const variable = String(given);
            onChange({ variable, equals: fitting(typeOf(variable), expectation.equals) as never });
          }}
        />
      </Field>
      <span aria-hidden="true" className="pt-1 text-text-2">
        {"="}
      </span>
      <Field
        hideLabel
        label={t("Value")}
        error={errorIn(errors, `${path}.equals`)}
        className="min-w-32 flex-1"
      >
        <ValueInput
          type={typeOf(name) ?? (typeof expectation.equals === "string" && name === "" ? "text" : undefined)}
          value={expectation.equals}
          onChange={equals => onChange({ variable: name, equals: equals as never })}
        />
      </Field>
    </div>
  );
}

/** What the flow can send, by the names that the API has for them. */
const TRACES = [
  ...["text", "buttons", "card", "carousel", "image", "video", "audio", "file", "knowledge", "handoff"],
  ...["escalation", "resolution", "client-action", "approval", "end", "error", "debug"],
].map(id => ({ id, label: id }));

function Trace({
  expectation,
  error,
  onChange,
}: Pick<ExpectationFieldsProps, "expectation" | "onChange"> & { readonly error: string | undefined }) {
  const { trace } = expectation;
  const { type, payload } =
    typeof trace === "object" && trace !== null ? trace : { type: trace ?? "", payload: undefined };
  const put = (kind: string, part: unknown) =>
    onChange({ trace: part === undefined ? kind : { type: kind, payload: part as never } });
  return (
    <div className="flex min-w-0 flex-wrap gap-2">
      <Field label={t("Type")} error={error} className="min-w-40 flex-1">
        <Listed value={type} options={TRACES} onChange={kind => put(kind, payload)} />
      </Field>
      <Field label={t("Has at least (JSON)")} className="min-w-40 flex-1">
        <JsonInput value={payload} onChange={part => put(type, part)} />
      </Field>
    </div>
  );
}

/** Text with what is known offered beside it. */
function Listed({
  value,
  options,
  placeholder,
  onChange,
}: {
  readonly value: string;
  readonly options: readonly { readonly id: string; readonly label: string }[];
  readonly placeholder?: string;
  readonly onChange: (value: string) => void;
}) {
  const list = useId();
  return (
    <>
      <Input
        value={value}
        list={list}
        spellCheck={false}
        autoComplete="off"
        placeholder={placeholder}
        className="font-mono text-dense"
        onChange={event => onChange(event.currentTarget.value)}
      />
      <datalist id={list}>
        {options.map(each => (
          <option key={each.id} value={each.id}>
            {each.label}
          </option>
        ))}
      </datalist>
    </>
  );
}

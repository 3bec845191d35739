import { errorIn } from "@dashboard/editing/use-errors";
import { JsonInput } from "@dashboard/form/json-input";
import { Switch } from "@ui/choice";
import { Field, Input, Textarea } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { ACTIONS, type ActionType, actionOf, type Turn, withField } from "./shapes";

export interface ActionFieldsProps {
  readonly turn: Turn;
  readonly path: string;
  readonly errors: ReadonlyMap<string, string>;
  readonly onChange: (action: Turn["action"]) => void;
}

type Payload = Readonly<Record<string, unknown>>;

/** What the person does in a turn: what kind of thing, and the fields that it takes. */
export function ActionFields(props: ActionFieldsProps) {
  const { turn, path, errors, onChange } = props;
  const type = ACTIONS.find(each => each.value === turn.action.type)?.value ?? "text";
  return (
    <div className="flex min-w-0 flex-wrap items-start gap-2">
      <Field label={t("The person")} hideLabel error={errors.get(path)} className="w-52 max-sm:w-full">
        <Select value={type} options={ACTIONS} onChange={next => onChange(actionOf(next, turn))} />
      </Field>
      <div className="flex min-w-48 flex-1 flex-col gap-2">
        <Fields {...props} type={type} />
        {/* The fields of a payload stand under one address. */}
        {!errors.has(path) && errorIn(errors, path) && (
          <p className="text-bad text-caption">{errorIn(errors, path)}</p>
        )}
      </div>
    </div>
  );
}

function Fields({ turn, type, onChange }: ActionFieldsProps & { readonly type: ActionType }) {
  const { payload } = turn.action;
  const of = (typeof payload === "object" && payload !== null ? payload : {}) as Payload;
  const put = (field: string, value: unknown) =>
    onChange({ ...turn.action, payload: withField(of, field, value) as never });
  const text = (field: string, label: string, more?: { hint?: string; needed?: boolean }) => (
    <Field label={label} hint={more?.hint}>
      <Input
        value={typeof of[field] === "string" ? (of[field] as string) : ""}
        dir="auto"
        onChange={event => put(field, event.currentTarget.value || (more?.needed ? "" : undefined))}
      />
    </Field>
  );
  const json = (
    <Field label={t("Brings along (JSON)")}>
      <JsonInput value={of["payload"]} onChange={value => put("payload", value)} />
    </Field>
  );
  switch (type) {
    case "text":
      return (
        <Field label={t("What is written")} hideLabel>
          <Textarea
            value={typeof payload === "string" ? payload : ""}
            dir="auto"
            rows={1}
            className="field-sizing-content min-h-8!"
            onChange={event => onChange({ ...turn.action, payload: event.currentTarget.value as never })}
          />
        </Field>
      );
    case "button":
      return (
        <>
          {text("label", t("Label"), { needed: true })}
          <Field label={t("Value")} hint={t("Left empty: found by its label.")}>
            <Input
              value={
                typeof of["value"] === "string" ? of["value"] : of["value"] ? JSON.stringify(of["value"]) : ""
              }
              dir="auto"
              onChange={event => put("value", event.currentTarget.value || undefined)}
            />
          </Field>
        </>
      );
    case "media":
      return (
        <>
          {text("url", t("Address"), { needed: true })}
          {text("mimeType", t("Kind of file"), { hint: t("Such as image/png; may be left empty.") })}
        </>
      );
    case "event":
      return (
        <>
          {text("name", t("Name of the event"), { needed: true })}
          {json}
        </>
      );
    case "client":
      return (
        <>
          {text("path", t("Path that it takes"), { needed: true })}
          {json}
        </>
      );
    case "approval":
      return (
        <>
          <Switch
            label={t("The tool may be used")}
            checked={of["approved"] === true}
            onChange={approved => put("approved", approved)}
          />
          {text("note", t("Note"))}
        </>
      );
    case "launch":
      return null;
  }
}

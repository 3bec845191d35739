import type { ApiError } from "@client/api";
import { type FieldSchema, propertiesOf } from "@dashboard/form/schema";
import { Switch } from "@ui/choice";
import { Field, Input } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import type { Channel } from "./data";
import type { Look } from "./look";

const VISITORS = "visitor";
const HEX = /^#[0-9a-f]{6}$/i;

export interface LookFormProps {
  readonly kind: Channel;
  readonly look: Look;
  readonly error: ApiError | undefined;
  readonly onChange: (look: Look) => void;
}

/** The settings of the widget's look, and of its chat page. */
export function LookForm({ kind, look, error, onChange }: LookFormProps) {
  const set = (more: Look) => onChange({ ...look, ...more });
  const at = (name: keyof Look) => error?.at(`config.${name}`);
  const text = (name: "slug" | "title" | "greeting") => ({
    value: look[name] ?? "",
    onChange: (event: { target: { value: string } }) => set({ [name]: event.target.value || undefined }),
  });
  return (
    <>
      <Field
        label={t("Accent")}
        hint={t("Buttons, and what the visitor says; the project's colour if left empty.")}
        error={at("accent")}
      >
        <div className="flex gap-2">
          <input
            type="color"
            aria-label={t("Pick the accent")}
            value={HEX.test(look.accent ?? "") ? (look.accent ?? "") : "#4353d6"}
            onChange={event => set({ accent: event.target.value })}
            className="size-8 shrink-0 rounded-control border border-control bg-surface p-0.5 coarse:size-10"
          />
          <Input
            value={look.accent ?? ""}
            onChange={event => set({ accent: event.target.value.trim() || undefined })}
            placeholder="#4353d6"
            autoComplete="off"
            spellCheck={false}
          />
        </div>
      </Field>
      <Field label={t("Theme")}>
        <Select
          value={look.theme ?? "auto"}
          onChange={theme => set({ theme })}
          options={[
            { value: "auto", label: t("As the visitor's system") },
            { value: "light", label: t("Light") },
            { value: "dark", label: t("Dark") },
          ]}
        />
      </Field>
      <Field label={t("Language")} hint={t("Of the widget's own words.")}>
        <Select
          value={look.lang ?? VISITORS}
          onChange={lang => set({ lang: lang === VISITORS ? undefined : lang })}
          options={[{ value: VISITORS, label: t("The visitor's") }, ...languagesOf(kind)]}
        />
      </Field>
      <h3 className="mt-2 font-medium text-body">{t("Launcher")}</h3>
      <Field
        label={t("Greeting")}
        hint={t("A teaser beside the launcher; none if left empty.")}
        error={at("greeting")}
      >
        <Input {...text("greeting")} maxLength={200} dir="auto" />
      </Field>
      {look.greeting && (
        <Field label={t("Greeting after")} hint={t("Seconds.")} error={at("greetingDelay")}>
          <Input
            inputMode="numeric"
            value={look.greetingDelay ?? ""}
            onChange={event => set({ greetingDelay: Number.parseInt(event.target.value, 10) || undefined })}
          />
        </Field>
      )}
      <Field label={t("Side")}>
        <Select
          value={look.position ?? "end"}
          onChange={position => set({ position })}
          options={[
            { value: "end", label: t("End: right, where text runs left to right") },
            { value: "start", label: t("Start") },
          ]}
        />
      </Field>
      <Switch
        label={t("Open at once")}
        hint={t("The panel is open when the page is loaded.")}
        checked={look.open === true}
        onChange={open => set({ open })}
      />
      <h3 className="mt-2 font-medium text-body">{t("Chat page")}</h3>
      <Field
        label={t("Address")}
        hint={t("What follows /chat/. Whoever knows it can talk to the agent; left empty, there is no page.")}
        error={at("slug")}
      >
        <Input {...text("slug")} autoComplete="off" spellCheck={false} />
      </Field>
      <Field
        label={t("Title")}
        hint={t("Of the browser's tab; the project's name if left empty.")}
        error={at("title")}
      >
        <Input {...text("title")} maxLength={100} dir="auto" />
      </Field>
      <Switch
        label={t("Show in search engines")}
        checked={look.indexed === true}
        onChange={indexed => set({ indexed })}
      />
    </>
  );
}

/** The languages that the widget speaks, by their names. */
function languagesOf(kind: Channel): { value: string; label: string }[] {
  const lang = propertiesOf(kind.configSchema as FieldSchema).find(([name]) => name === "lang")?.[1];
  const codes = lang?.enum ?? lang?.anyOf?.find(each => each.enum)?.enum ?? [];
  const names = new Intl.DisplayNames(["en"], { type: "language" });
  return codes
    .map(value => ({ value, label: names.of(value) ?? value }))
    .sort((one, other) => one.label.localeCompare(other.label));
}

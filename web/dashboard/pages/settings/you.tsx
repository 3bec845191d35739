import { useCommandState } from "@dashboard/commands";
import { THEMES } from "@dashboard/frame/account";
import { type Theme, useTheme } from "@dashboard/theme";
import { Switch } from "@ui/choice";
import { Field } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { NameForm } from "./name-form";
import { Passkeys } from "./passkeys";
import { PasswordForm } from "./password-form";
import { Section } from "./section";
import { Sessions } from "./sessions";

/** What one is called, how one signs in, and what this browser looks like. */
export function You() {
  const { theme, setTheme } = useTheme();
  const { singleKeys, setSingleKeys } = useCommandState();
  return (
    <div className="flex max-w-2xl flex-col gap-10">
      <Section title={t("Appearance and keys")} hint={t("Kept in this browser.")}>
        <div className="flex max-w-sm flex-col gap-4">
          <Field label={t("Theme")}>
            <Select<Theme> value={theme} onChange={setTheme} options={[...THEMES]} />
          </Field>
          <Switch
            label={t("Single keys")}
            hint={t("Letters and signs without Ctrl or ⌘ do something. Off: only chords do.")}
            checked={singleKeys}
            onChange={setSingleKeys}
          />
        </div>
      </Section>
      <NameForm />
      <PasswordForm />
      <Passkeys />
      <Sessions />
    </div>
  );
}

import { useCommandState } from "@dashboard/commands";
import { THEMES } from "@dashboard/frame/account-menu";
import { Page } from "@dashboard/frame/page";
import { type Theme, useTheme } from "@dashboard/theme";
import { Switch } from "@ui/choice";
import { Field } from "@ui/field";
import { Select } from "@ui/select";

/** What is the account's and this browser's. */
export default function SettingsPage() {
  const { theme, setTheme } = useTheme();
  const { singleKeys, setSingleKeys } = useCommandState();
  return (
    <Page title="Account settings">
      <section aria-labelledby="appearance" className="flex max-w-md flex-col gap-4">
        <h2 id="appearance" className="font-semibold text-lead">
          Appearance and keys
        </h2>
        <Field label="Theme" hint="Kept in this browser.">
          <Select<Theme> value={theme} onChange={setTheme} options={[...THEMES]} />
        </Field>
        <Switch
          label="Single keys"
          hint="Letters and signs without Ctrl or ⌘ do something. Off: only chords do."
          checked={singleKeys}
          onChange={setSingleKeys}
        />
      </section>
    </Page>
  );
}

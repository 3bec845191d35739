import { Switch } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { Kbd } from "@ui/kbd";
import { t } from "@ui/words";
import { allCommands, useCommandState } from "../commands";

/** The keys that do something on this screen. */
export default function Shortcuts({ onClose }: { readonly onClose: () => void }) {
  const { offered, singleKeys, setSingleKeys } = useCommandState();
  const groups = Map.groupBy(
    allCommands(offered).filter(command => command.keys),
    command => command.group,
  );
  return (
    <Dialog open onClose={onClose} title={t("Shortcuts")} wide>
      <div className="grid gap-6 sm:grid-cols-2">
        {[...groups].map(([group, commands]) => (
          <section key={group} aria-label={group}>
            <h3 className="mb-1 font-medium text-dense text-text-2">{group}</h3>
            <ul>
              {commands.map(command => (
                <li
                  key={command.id}
                  className="flex min-h-8 items-center justify-between gap-4 border-line border-b text-body"
                >
                  {command.label}
                  {command.keys && <Kbd keys={command.keys} />}
                </li>
              ))}
            </ul>
          </section>
        ))}
      </div>
      <div className="mt-6">
        <Switch
          label={t("Single keys")}
          hint={t("Letters and signs without Ctrl or ⌘ do something. Off: only chords do.")}
          checked={singleKeys}
          onChange={setSingleKeys}
        />
      </div>
    </Dialog>
  );
}

import { Dialog } from "@base-ui/react/dialog";
import { Kbd } from "@ui/kbd";
import { t } from "@ui/words";
import { Command as Menu } from "cmdk";
import { useState } from "react";
import { allCommands, useCommandState } from "../commands";
import type { TypedAhead } from "./typed-ahead";

const ITEM =
  "flex h-9 cursor-default items-center gap-2 rounded-control px-2 text-body text-text data-[selected=true]:bg-hover coarse:h-11";

/** Everything that can be done here, by its name. */
export default function Palette({
  typed,
  onClose,
}: {
  readonly typed: TypedAhead;
  readonly onClose: () => void;
}) {
  const [find, setFind] = useState("");
  const commands = allCommands(useCommandState(state => state.offered)).filter(each => !HIDDEN.has(each.id));
  const groups = Map.groupBy(commands, each => each.group);
  return (
    <Dialog.Root open onOpenChange={open => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-veil" />
        <Dialog.Popup
          aria-label={t("Command menu")}
          className="fixed inset-x-2 top-[12vh] z-40 mx-auto max-w-xl overflow-hidden rounded-panel bg-raised shadow-dialog outline-none"
        >
          <Menu label={t("Command menu")} loop>
            <Menu.Input
              autoFocus
              value={find}
              onValueChange={setFind}
              onFocus={() => {
                const ahead = typed();
                setFind(before => before + ahead);
              }}
              placeholder={t("Type a command or a project's name")}
              className="h-12 w-full border-line border-b bg-transparent px-4 text-lead text-text outline-none"
            />
            <Menu.List className="max-h-[50dvh] overflow-y-auto p-2">
              <Menu.Empty className="px-2 py-6 text-center text-body text-text-2">
                {t("Nothing is called that.")}
              </Menu.Empty>
              {[...groups].map(([group, list]) => (
                <Menu.Group
                  key={group}
                  heading={group}
                  className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:py-1 [&_[cmdk-group-heading]]:text-caption [&_[cmdk-group-heading]]:text-text-3"
                >
                  {list.map(command => (
                    <Menu.Item
                      key={command.id}
                      value={`${command.label} ${command.id}`}
                      keywords={command.find?.split(" ")}
                      onSelect={() => {
                        onClose();
                        command.run();
                      }}
                      className={ITEM}
                    >
                      <span className="min-w-0 flex-1 truncate">{command.label}</span>
                      {command.keys && <Kbd keys={command.keys} />}
                    </Menu.Item>
                  ))}
                </Menu.Group>
              ))}
            </Menu.List>
          </Menu>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

const HIDDEN = new Set(["palette", "shortcuts-sign"]);

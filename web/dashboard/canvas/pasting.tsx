import { Button } from "@ui/button";
import { Checkbox } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { useEffect, useState } from "react";
import { type Belongings, keyOf, labelOf } from "../editing/belongings";
import type { FlowActions } from "./flow-actions";

const KINDS = [
  ["variables", t("Variable")],
  ["tools", t("Tool")],
  ["playbooks", t("Playbook")],
] as const;

/** Takes in steps from the clipboard, wherever they were copied; what they use and the project lacks is offered. */
export function Pasting({ actions }: { readonly actions: FlowActions }) {
  const [missing, setMissing] = useState<Belongings>();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("input, textarea, [contenteditable]")) return;
      const lacking = actions.paste(event.clipboardData?.getData("text/plain") ?? "");
      if (!lacking) return;
      event.preventDefault();
      setMissing(KINDS.some(([kind]) => lacking[kind].length > 0) ? lacking : undefined);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [actions]);
  if (!missing) return null;
  return <Missing missing={missing} actions={actions} onClose={() => setMissing(undefined)} />;
}

interface MissingProps {
  readonly missing: Belongings;
  readonly actions: FlowActions;
  readonly onClose: () => void;
}

function Missing({ missing, actions, onClose }: MissingProps) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const chosen = (kind: (typeof KINDS)[number][0]) =>
    missing[kind].filter(each => !left.has(`${kind}/${keyOf(each)}`));
  const wanted = { variables: chosen("variables"), tools: chosen("tools"), playbooks: chosen("playbooks") };
  const count = KINDS.reduce((sum, [kind]) => sum + wanted[kind].length, 0);
  const choose = (id: string, is: boolean) =>
    setLeft(now => (is ? new Set([...now].filter(each => each !== id)) : new Set([...now, id])));
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Create what the steps use")}
      description={t(
        "The steps are pasted. They use these, which this project does not have. Secrets do not come with them.",
      )}
      actions={
        <Button
          look="primary"
          disabled={count === 0}
          onClick={() => {
            actions.give(wanted);
            onClose();
          }}
        >
          {t("Create %{count}", { count: counted(count, "part") })}
        </Button>
      }
    >
      <ul className="flex flex-col gap-2">
        {KINDS.flatMap(([kind, label]) =>
          missing[kind].map(each => {
            const id = `${kind}/${keyOf(each)}`;
            return (
              <li key={id}>
                <Checkbox
                  label={`${label} ${labelOf(each)}`}
                  checked={!left.has(id)}
                  onChange={is => choose(id, is)}
                />
              </li>
            );
          }),
        )}
      </ul>
    </Dialog>
  );
}

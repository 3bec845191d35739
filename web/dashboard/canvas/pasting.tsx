import { Button } from "@ui/button";
import { Checkbox } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { type RefObject, useEffect, useRef, useState } from "react";
import { type Belongings, keyOf, labelOf } from "../editing/belongings";
import type { FlowActions } from "./flow-actions";
import type { CanvasHandle } from "./handle";
import { beside } from "./placing";

const KINDS = [
  ["variables", t("Variable")],
  ["tools", t("Tool")],
  ["playbooks", t("Playbook")],
] as const;

interface PastingProps {
  readonly actions: FlowActions;
  readonly canvas: RefObject<CanvasHandle | null>;
}

/** Takes in steps from the clipboard, wherever they were copied; what they use and the project lacks is offered. */
export function Pasting({ actions, canvas }: PastingProps) {
  const [missing, setMissing] = useState<Belongings>();
  const pointer = usePointer();
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("input, textarea, [contenteditable]")) return;
      const { current } = canvas;
      const there = pointer.current && current?.at(pointer.current);
      const at = there ?? current?.middle() ?? beside(undefined, actions.workflow);
      const taken = actions.paste(event.clipboardData?.getData("text/plain") ?? "", at);
      if (!taken) return;
      event.preventDefault();
      current?.reveal(taken.place);
      setMissing(KINDS.some(([kind]) => taken.missing[kind].length > 0) ? taken.missing : undefined);
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [actions, canvas, pointer]);
  if (!missing) return null;
  return <Missing missing={missing} actions={actions} onClose={() => setMissing(undefined)} />;
}

/** Where the pointer is on the screen, while it is over the canvas. */
function usePointer() {
  const place = useRef<{ readonly x: number; readonly y: number }>(undefined);
  useEffect(() => {
    const move = ({ target, clientX: x, clientY: y }: PointerEvent) => {
      place.current = target instanceof Element && target.closest(".conduet-canvas") ? { x, y } : undefined;
    };
    addEventListener("pointermove", move);
    return () => removeEventListener("pointermove", move);
  }, []);
  return place;
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

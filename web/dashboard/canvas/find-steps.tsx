import { Button } from "@ui/button";
import { Checkbox } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { counted } from "@ui/time";
import { toast } from "@ui/toast";
import { type FormEvent, useMemo, useState } from "react";
import type { StepType } from "../data/schema";
import type { Editor } from "../editing/editor";
import { nameOf, summaryOf, titleOf } from "../editing/flow";
import { type Replacement, replaced, replacements } from "../editing/replacing";
import { Picker } from "./picker";

export interface FindStepsProps {
  readonly editor: Editor;
  readonly types: ReadonlyMap<string, StepType>;
  readonly onChoose: (workflowId: string, stepId: string) => void;
  readonly onClose: () => void;
}

/** Every step of every workflow, found by what it is called, says, uses, or has wrong; and its words replaced. */
export default function FindSteps({ editor, types, onChoose, onClose }: FindStepsProps) {
  const document = editor(state => state.document);
  const problems = editor(state => state.problems);
  const [replacing, setReplacing] = useState(false);
  const choices = useMemo(() => {
    const wrong = new Map<string, string>();
    for (const each of problems) {
      if (each.stepId) wrong.set(each.stepId, `${wrong.get(each.stepId) ?? ""} ${each.message}`);
    }
    return document.workflows.flatMap(flow =>
      flow.steps.map(each => ({
        id: `${flow.id}\n${each.id}`,
        label: nameOf(each),
        hint: [flow.name || flow.id, titleOf(each.type), summaryOf(each, types.get(each.type))]
          .filter(Boolean)
          .join(" · "),
        find: `${each.id} ${JSON.stringify(each.config)} ${wrong.get(each.id) ?? ""}`,
      })),
    );
  }, [document.workflows, problems, types]);
  if (replacing) return <Replace editor={editor} onClose={onClose} />;
  return (
    <Picker
      title="Find step"
      placeholder="Name, text, variable, type, problem or id"
      choices={choices}
      actions={<Button onClick={() => setReplacing(true)}>Replace text</Button>}
      onClose={onClose}
      onChoose={chosen => {
        const [flow = "", id = ""] = chosen.split("\n");
        onChoose(flow, id);
      }}
    />
  );
}

const SHOWN = 100;

/** Words of all workflows replaced at once, after a look at each place: one edit that can be undone. */
function Replace({ editor, onClose }: { readonly editor: Editor; readonly onClose: () => void }) {
  const document = editor(state => state.document);
  const [find, setFind] = useState("");
  const [by, setBy] = useState("");
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const found = useMemo(() => replacements(document, find, by), [document, find, by]);
  const chosen = found.filter(each => !left.has(each.key));
  const choose = (each: Replacement, is: boolean) =>
    setLeft(now => {
      const next = new Set(now);
      if (is) next.delete(each.key);
      else next.add(each.key);
      return next;
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (chosen.length === 0) return;
    editor.getState().edit("Replace text", now => replaced(now, chosen));
    toast(`Replaced in ${counted(chosen.length, "text")}`, { onUndo: () => void editor.getState().undo() });
    onClose();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title="Replace text"
      description="In the names and texts of the steps of all workflows. Ids and names of variables stay."
      actions={
        <Button look="primary" type="submit" form="replace" disabled={chosen.length === 0}>
          {`Replace in ${counted(chosen.length, "text")}`}
        </Button>
      }
    >
      <form id="replace" onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Find">
          <Input autoFocus dir="auto" value={find} onChange={event => setFind(event.currentTarget.value)} />
        </Field>
        <Field label="Replace by">
          <Input dir="auto" value={by} onChange={event => setBy(event.currentTarget.value)} />
        </Field>
        <p role="status" className="text-dense text-text-2">
          {find && found.length === 0 ? "It stands nowhere." : ""}
          {found.length > SHOWN ? `The first ${SHOWN} of ${found.length} are shown; all are replaced.` : ""}
        </p>
        <ul className="flex max-h-80 flex-col gap-2 overflow-y-auto">
          {found.slice(0, SHOWN).map(each => (
            <li key={each.key} className="rounded-control border border-line p-2 text-dense">
              <Checkbox
                label={each.stepName}
                checked={!left.has(each.key)}
                onChange={is => choose(each, is)}
              />
              <p className="line-clamp-2 break-words text-text-2" dir="auto">
                <span className="sr-only">Before: </span>
                <del className="no-underline">{each.before}</del>
              </p>
              <p className="line-clamp-2 break-words" dir="auto">
                <span className="sr-only">After: </span>
                <ins className="no-underline">{each.after}</ins>
              </p>
            </li>
          ))}
        </ul>
      </form>
    </Dialog>
  );
}

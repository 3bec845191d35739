import { chordOf } from "@dashboard/commands";
import type { TypedAhead } from "@dashboard/frame/typed-ahead";
import { useQuery } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Checkbox } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { type FormEvent, useCallback, useEffect, useMemo, useState } from "react";
import type { StepType } from "../data/schema";
import type { Editor } from "../editing/editor";
import { nameOf, summaryOf, titleOf } from "../editing/flow";
import { tellEdit } from "../editing/history";
import { kindOf, notesOf, titleOfNote } from "../editing/notes";
import { type Replacement, replaced, replacements } from "../editing/replacing";
import { commentsQuery, type Thread } from "./comments-data";
import { type Choice, PickList } from "./pick-list";

export interface FindStepsProps {
  /** What was typed before this was there. */
  readonly typed: TypedAhead;
  readonly editor: Editor;
  readonly projectId: string;
  readonly types: ReadonlyMap<string, StepType>;
  readonly onChoose: (spot: FoundSpot) => void;
  /** Shown while one walks through what was found. */
  readonly onWalk: (spot: FoundSpot) => void;
  /** The steps that were found; `undefined`: nothing is looked for. */
  readonly onFound: (stepIds: ReadonlySet<string> | undefined) => void;
  readonly onClose: () => void;
}

/** A step or a note, or a point that is talked about. */
export interface FoundSpot {
  readonly workflowId: string;
  readonly stepId?: string;
  readonly position?: { readonly x: number; readonly y: number };
}

const NO_THREADS: readonly Thread[] = [];

/** Every step and note of every workflow, found by what it is called, says, uses, is said of it, or has wrong; and its words replaced. */
export default function FindSteps(props: FindStepsProps) {
  const { typed, editor, projectId, types, onChoose, onWalk, onFound, onClose } = props;
  const [replacing, setReplacing] = useState(false);
  const { data: threads = NO_THREADS } = useQuery(commentsQuery(projectId, undefined, "open"));
  const found = useFindable(editor, types, threads);
  const told = useCallback(
    (ids: readonly string[] | undefined) =>
      onFound(ids && new Set(ids.flatMap(id => found.get(id)?.spot.stepId ?? []))),
    [found, onFound],
  );
  useEffect(() => () => onFound(undefined), [onFound]);
  const to = (go: (spot: FoundSpot) => void) => (id: string) => {
    const spot = found.get(id)?.spot;
    if (spot) go(spot);
  };
  const choices = useMemo(() => [...found.values()].map(each => each.choice), [found]);
  if (replacing) return <Replace editor={editor} onClose={onClose} />;
  return (
    <aside
      aria-label={t("Find step")}
      className="flex h-full w-72 shrink-0 flex-col gap-2 border-line border-e bg-surface p-2 max-md:absolute max-md:inset-y-0 max-md:z-10"
      onKeyDown={event => {
        const chord = chordOf(event.nativeEvent);
        // Pressed again, it is the browser's own.
        if (chord === "mod+f") event.stopPropagation();
        else if (chord === "escape") {
          event.stopPropagation();
          onClose();
        }
      }}
    >
      <header className="flex items-center gap-1 ps-2">
        <h2 className="flex-1 font-semibold text-dense">{t("Find step")}</h2>
        <Button dense onClick={() => setReplacing(true)}>
          {t("Replace text")}
        </Button>
        <IconButton dense icon={X} label={t("Close")} shortcut="Escape" onClick={onClose} />
      </header>
      <PickList
        tall
        typed={typed}
        title={t("Steps that were found")}
        placeholder={t("Name, text, variable, type, problem or id")}
        choices={choices}
        onChoose={to(onChoose)}
        onWalk={to(onWalk)}
        onFound={told}
      />
    </aside>
  );
}

interface Findable {
  readonly choice: Choice;
  readonly spot: FoundSpot;
}

function useFindable(
  editor: Editor,
  types: ReadonlyMap<string, StepType>,
  threads: readonly Thread[],
): ReadonlyMap<string, Findable> {
  const { workflows } = editor(state => state.document);
  const problems = editor(state => state.problems);
  return useMemo(() => {
    const more = new Map<string, string>();
    const add = (stepId: string, text: string) => more.set(stepId, `${more.get(stepId) ?? ""} ${text}`);
    for (const { stepId, message } of problems) if (stepId) add(stepId, message);
    const saidIn = (thread: Thread) => thread.comments.map(each => each.text).join(" ");
    for (const thread of threads) if (thread.stepId) add(thread.stepId, saidIn(thread));
    const found = new Map<string, Findable>();
    for (const workflow of workflows) {
      const { id: workflowId, name } = workflow;
      const flow = name || workflowId;
      for (const step of workflow.steps) {
        const hint = [flow, titleOf(step.type), summaryOf(step, types.get(step.type))];
        const id = `${workflowId}\n${step.id}`;
        found.set(id, {
          spot: { workflowId, stepId: step.id },
          choice: {
            id,
            label: nameOf(step),
            hint: hint.filter(Boolean).join(" · "),
            find: `${step.id} ${JSON.stringify(step.config)} ${more.get(step.id) ?? ""}`,
          },
        });
      }
      for (const note of notesOf(workflow)) {
        const id = `${workflowId}\n${note.id}`;
        const hint = `${flow} · ${kindOf(note.kind)}`;
        const choice = { id, label: titleOfNote(note), hint, find: `${note.id} ${note.text}` };
        found.set(id, { spot: { workflowId, stepId: note.id }, choice });
      }
      for (const thread of threads) {
        if (thread.workflowId !== workflowId || thread.stepId || !thread.position) continue;
        found.set(thread.id, {
          spot: { workflowId, position: thread.position },
          choice: { id: thread.id, label: saidIn(thread), hint: t("%{flow} · Comment", { flow }) },
        });
      }
    }
    return found;
  }, [workflows, problems, threads, types]);
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
    editor.getState().edit(t("Replace text"), now => replaced(now, chosen));
    tellEdit(editor, t("Replaced in %{chosen}", { chosen: counted(chosen.length, "text") }));
    onClose();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("Replace text")}
      description={t(
        "In the names and texts of the steps, and in the notes, of all workflows. Ids and names of variables stay.",
      )}
      actions={
        <Button look="primary" type="submit" form="replace" disabled={chosen.length === 0}>
          {t("Replace in %{chosen}", { chosen: counted(chosen.length, "text") })}
        </Button>
      }
    >
      <form id="replace" onSubmit={submit} className="flex flex-col gap-3">
        <Field label={t("Find")}>
          <Input autoFocus dir="auto" value={find} onChange={event => setFind(event.currentTarget.value)} />
        </Field>
        <Field label={t("Replace by")}>
          <Input dir="auto" value={by} onChange={event => setBy(event.currentTarget.value)} />
        </Field>
        <p role="status" className="text-dense text-text-2">
          {find && found.length === 0 ? t("It stands nowhere.") : ""}
          {found.length > SHOWN
            ? t("The first %{SHOWN} of %{found} are shown; all are replaced.", { SHOWN, found: found.length })
            : ""}
        </p>
        <ul className="flex max-h-80 flex-col gap-2 overflow-y-auto">
          {found.slice(0, SHOWN).map(each => (
            <li key={each.key} className="rounded-control border border-line p-2 text-dense">
              <Checkbox label={each.name} checked={!left.has(each.key)} onChange={is => choose(each, is)} />
              <p className="line-clamp-2 break-words text-text-2" dir="auto">
                <span className="sr-only">{t("Before:")} </span>
                <del className="no-underline">{each.before}</del>
              </p>
              <p className="line-clamp-2 break-words" dir="auto">
                <span className="sr-only">{t("After:")} </span>
                <ins className="no-underline">{each.after}</ins>
              </p>
            </li>
          ))}
        </ul>
      </form>
    </Dialog>
  );
}

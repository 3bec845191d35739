import type { Editor } from "@dashboard/editing/editor";
import { nameOf as stepName, type Workflow } from "@dashboard/editing/flow";
import { errorIn, useErrors } from "@dashboard/editing/use-errors";
import { JsonInput } from "@dashboard/form/json-input";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { ChevronDown, ChevronRight, Copy, Play, Plus, Trash2 } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Difference, TestState, type Told } from "./result";
import { actionOf, nameOf, type Test, type Turn, withField } from "./shapes";
import { TurnCard } from "./turn-card";
import { ValuesField } from "./value-input";

export interface TestEditorProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly test: Test;
  /** Where it stands in the document. */
  readonly path: string;
  readonly told: Told | undefined;
  readonly running: boolean;
  /** `field`: what of it is being edited. */
  readonly onChange: (change: (test: Test) => Test, field: string) => void;
  readonly onRun: () => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}

/** One test: what it begins with, and turn by turn what the person does and what must come of it. */
export function TestEditor(props: TestEditorProps) {
  const { editor, projectId, test, path, told, running, onChange, onRun, onDuplicate, onRemove } = props;
  const errors = useErrors(editor);
  const workflows = editor(state => state.document.workflows);
  const steps = useMemo(() => stepsOf(workflows), [workflows]);
  const list = useRef<HTMLOListElement>(null);
  const turns = test.turns ?? [];
  const red = told && !told.result.ok ? told.result : undefined;
  const first = red?.turn ?? undefined;
  useEffect(() => {
    // It opens where it is first not as expected.
    if (first !== undefined) document.getElementById(`turn-${first}`)?.scrollIntoView({ block: "center" });
  }, [first]);
  const put = (change: (turns: readonly Turn[]) => readonly Turn[], field = "turns") =>
    onChange(now => ({ ...now, turns: [...change(now.turns ?? [])] }), field);
  const focus = (number: number, ...what: string[]) =>
    requestAnimationFrame(() => {
      const turn = list.current?.querySelector(`#turn-${number}`);
      const found = what.map(each => turn?.querySelector<HTMLElement>(each)).find(Boolean);
      found?.focus();
    });
  const insert = (at: number, turn: Turn) => {
    put(now => now.toSpliced(at, 0, turn));
    focus(at + 1, "textarea", "[role=combobox]");
  };
  const move = (from: number, by: number) => {
    put(now => {
      const turn = now[from];
      return turn ? now.toSpliced(from, 1).toSpliced(from + by, 0, turn) : now;
    });
    focus(from + by + 1, "button:enabled");
  };
  const remove = (at: number) => {
    put(now => now.toSpliced(at, 1));
    document.getElementById("add-turn")?.focus();
  };
  return (
    <>
      <header className="flex flex-wrap items-center gap-1">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead max-sm:basis-full" dir="auto">
          {nameOf(test)}
        </h2>
        <TestState told={told} running={running} />
        <Button dense icon={Play} busy={running} onClick={onRun}>
          {t("Run test")}
        </Button>
        <IconButton icon={Copy} label={t("Duplicate test")} onClick={onDuplicate} />
        <IconButton icon={Trash2} label={t("Delete test")} onClick={onRemove} />
      </header>
      {red && first === undefined && <Difference projectId={projectId} result={red} />}
      <Field label={t("Name")} error={errors.get(`${path}.name`)}>
        <Input
          value={test.name ?? ""}
          maxLength={200}
          dir="auto"
          onChange={event => {
            const name = event.currentTarget.value;
            onChange(now => ({ ...now, name }), "name");
          }}
        />
      </Field>
      <SetUp {...props} errors={errors} steps={steps} />
      <h3 className="font-medium text-body">{t("Conversation")}</h3>
      {errors.get(`${path}.turns`) && <p className="text-bad text-caption">{errors.get(`${path}.turns`)}</p>}
      <ol ref={list} aria-label={t("Turns")} className="flex flex-col gap-3">
        {turns.map((turn, index) => (
          <TurnCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a turn has nothing else to be known by
            key={index}
            turn={turn}
            number={index + 1}
            last={index === turns.length - 1}
            path={`${path}.turns[${index}]`}
            errors={errors}
            steps={steps}
            difference={red && first === index + 1 ? <Difference projectId={projectId} result={red} /> : null}
            onChange={(next, field) => put(now => now.with(index, next), `turns.${index}.${field}`)}
            onMove={by => move(index, by)}
            onDuplicate={() => insert(index + 1, turn)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <div>
        <Button
          id="add-turn"
          icon={Plus}
          onClick={() => insert(turns.length, { action: actionOf(turns.length ? "text" : "launch") } as Turn)}
        >
          {t("Add turn")}
        </Button>
      </div>
    </>
  );
}

interface SetUpProps extends TestEditorProps {
  readonly errors: ReadonlyMap<string, string>;
  readonly steps: ReturnType<typeof stepsOf>;
}

const FIELDS = ["start", "variables", "mocks", "now", "userId", "platform", "internal"] as const;

/** What a test begins with, and what stands in for the world; most leave all of it out. */
function SetUp({ test, path, errors, steps, onChange }: SetUpProps) {
  const wrong = (field: string) => errorIn(errors, `${path}.${field}`);
  const filled = FIELDS.filter(each => {
    const value = test[each] ?? undefined;
    return value !== undefined && (typeof value !== "object" || Object.keys(value).length > 0);
  });
  const [open, setOpen] = useState(filled.length > 0);
  const shown = open || FIELDS.some(each => wrong(each) !== undefined);
  const set = (field: (typeof FIELDS)[number]) => (value: unknown) =>
    onChange(now => withField(now, field, value), field);
  const start = test.start ? `${test.start.workflowId}/${test.start.stepId}` : "";
  const places = [
    { value: "", label: t("As any conversation") },
    ...steps.map(each => ({ value: each.id, label: each.label })),
  ];
  if (start && !steps.some(each => each.id === start))
    places.push({ value: start, label: t("%{id} (gone)", { id: start }) });
  return (
    <section aria-label={t("What it begins with")} className="flex flex-col gap-4">
      <div>
        <Button look="quiet" dense aria-expanded={shown} className="-ms-2" onClick={() => setOpen(is => !is)}>
          <Icon of={shown ? ChevronDown : ChevronRight} />
          {t("What it begins with")}
        </Button>
      </div>
      {shown && (
        <>
          <Field label={t("Begins at")} error={wrong("start")}>
            <Select
              value={start}
              options={places}
              onChange={id => {
                const [workflowId = "", stepId = ""] = splitAt(id);
                set("start")(id ? { workflowId, stepId } : undefined);
              }}
            />
          </Field>
          <ValuesField
            label={t("Variables")}
            hint={t("What they are before the first turn; the others have their defaults.")}
            value={test.variables}
            error={wrong("variables")}
            onChange={set("variables")}
          />
          <Field
            label={t("Mocks (JSON)")}
            hint={t("Answers in place of steps, tools and models, by their ids: nothing outside is reached.")}
            error={wrong("mocks")}
          >
            <JsonInput value={test.mocks} onChange={set("mocks")} />
          </Field>
          <Field
            label={t("Clock (UTC)")}
            hint={t("It stands still; left empty, at 9:00 on 5 January 2026.")}
            error={wrong("now")}
          >
            <Input
              type="datetime-local"
              value={test.now?.slice(0, 16) ?? ""}
              onChange={event => {
                const at = event.currentTarget.value;
                set("now")(at ? `${at}:00Z` : undefined);
              }}
            />
          </Field>
          <div className="flex flex-wrap gap-4">
            {(["userId", "platform"] as const).map(field => (
              <Field
                key={field}
                label={field === "userId" ? t("User id") : t("Platform")}
                error={wrong(field)}
                className="min-w-40 flex-1"
              >
                <Input
                  value={test[field] ?? ""}
                  maxLength={200}
                  onChange={event => set(field)(event.currentTarget.value || undefined)}
                />
              </Field>
            ))}
          </div>
          {filled.includes("internal") && (
            <Field
              label={t("Where the flow stands (JSON)")}
              hint={t("As the state of a conversation tells it.")}
              error={wrong("internal")}
            >
              <JsonInput value={test.internal} onChange={set("internal")} />
            </Field>
          )}
        </>
      )}
    </section>
  );
}

/** The steps of all workflows by `workflow/step`. */
function stepsOf(workflows: readonly Workflow[]): { id: string; label: string }[] {
  return workflows.flatMap(workflow =>
    workflow.steps.map(step => ({
      id: `${workflow.id}/${step.id}`,
      label: t("%{step} in %{workflow}", { step: stepName(step), workflow: workflow.name || workflow.id }),
    })),
  );
}

/** `workflow/step` in its two parts. */
function splitAt(id: string): [string, string] {
  const at = id.indexOf("/");
  return [id.slice(0, at), id.slice(at + 1)];
}

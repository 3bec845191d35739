import { useNarrow } from "@dashboard/canvas/use-narrow";
import { useMay } from "@dashboard/data/roles";
import type { Editor } from "@dashboard/editing/editor";
import { tellEdit } from "@dashboard/editing/history";
import { FormField } from "@dashboard/form/form-field";
import { ModelInput } from "@dashboard/form/model-input";
import { lazyPart } from "@dashboard/lazy-part";
import { ListAndEditor } from "@dashboard/parts/list-and-editor";
import { Button, IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { ArrowDown, ArrowUp, Milestone, Trash2 } from "lucide-react";
import { Allowed } from "./allowed";
import { GraphBox } from "./graph-box";
import { harnessOf, PATH, type Phase, phaseName, withHarness } from "./harness";
import { newPhase } from "./phase-flow";
import { BUTTONS, exitsTo } from "./schemas";

// With the canvas, which is heavy.
const PhaseGraph = lazyPart(() => import("./phase-graph"));

export interface PhasesProps {
  readonly editor: Editor;
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
  /** What is wrong, by the path of the field. */
  readonly errors: ReadonlyMap<string, string>;
}

/** The parts of the conversation in their order, and one of them to edit. */
export function Phases({ editor, openId, onOpen, errors }: PhasesProps) {
  const document = editor(state => state.document);
  const edits = useMay("edit");
  const edit = editor(state => state.edit);
  const problems = editor(state => state.problems);
  const narrow = useNarrow();
  const phases = harnessOf(document).phases ?? [];
  const place = Math.max(
    0,
    phases.findIndex(each => each.id === openId),
  );
  const phase = phases[place];
  const put = (label: string, change: (phases: readonly Phase[]) => readonly Phase[], key?: string) =>
    edit(
      label,
      now => withHarness(now, harness => ({ ...harness, phases: change(harness.phases ?? []) })),
      key,
    );
  const add = () => {
    const made = newPhase(phases);
    put(t("Add phase"), now => [...now, made]);
    onOpen(made.id);
  };
  if (!phase) return <NoPhases onAdd={add} />;
  const change = (field: string, changed: Phase) =>
    put(
      t("Edit %{phaseName}", { phaseName: phaseName(phase) }),
      now => now.map(each => (each.id === phase.id ? changed : each)),
      `${phase.id}.${field}`,
    );
  const move = (by: number) =>
    put(t("Move %{phaseName}", { phaseName: phaseName(phase) }), now => {
      const next = now.filter(each => each.id !== phase.id);
      next.splice(place + by, 0, phase);
      return next;
    });
  const remove = (ids: ReadonlySet<string>) => {
    const gone = phases.filter(each => ids.has(each.id));
    const names = gone.map(phaseName).join(", ");
    put(t("Delete %{phaseName}", { phaseName: names }), now => now.filter(each => !ids.has(each.id)));
    onOpen(undefined);
    tellEdit(editor, t("Deleted %{phaseName}", { phaseName: names }));
  };
  const flawed = (index: number) =>
    [...errors.keys()].some(each => each.startsWith(`${PATH}.phases[${index}]`));
  return (
    <ListAndEditor
      label={t("Phases")}
      one={t("phase")}
      openId={openId === undefined ? undefined : phase.id}
      onOpen={onOpen}
      onAdd={add}
      above={
        narrow ? undefined : (
          <GraphBox>
            <PhaseGraph
              phases={phases}
              problems={problems}
              openId={phase.id}
              edits={edits}
              onOpen={onOpen}
              onAdd={add}
              onRemove={remove}
              onChange={put}
            />
          </GraphBox>
        )
      }
      items={phases.map((each, index) => ({
        id: each.id,
        label: `${index + 1}. ${phaseName(each)}`,
        hint: index === 0 ? t("Conversations begin here") : each.instructions || undefined,
        problem: flawed(index) ? "error" : undefined,
      }))}
    >
      <header className="flex items-center gap-1">
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead" dir="auto">
          {phaseName(phase)}
        </h2>
        {edits && (
          <>
            <IconButton
              icon={ArrowUp}
              label={t("Move phase up")}
              disabled={place === 0}
              onClick={() => move(-1)}
            />
            <IconButton
              icon={ArrowDown}
              label={t("Move phase down")}
              disabled={place === phases.length - 1}
              onClick={() => move(1)}
            />
            <IconButton icon={Trash2} label={t("Delete phase")} onClick={() => remove(new Set([phase.id]))} />
          </>
        )}
      </header>
      <PhaseForm
        key={phase.id}
        phase={phase}
        others={phases.filter(each => each.id !== phase.id)}
        document={document}
        path={`${PATH}.phases[${place}]`}
        errors={errors}
        onChange={change}
      />
    </ListAndEditor>
  );
}

interface PhaseFormProps {
  readonly phase: Phase;
  readonly others: readonly Phase[];
  readonly document: ReturnType<Editor["getState"]>["document"];
  readonly path: string;
  readonly errors: ReadonlyMap<string, string>;
  readonly onChange: (field: string, phase: Phase) => void;
}

function PhaseForm({ phase, others, document, path, errors, onChange }: PhaseFormProps) {
  const set = (field: string) => (value: unknown) => {
    const { [field]: _, ...rest } = phase;
    onChange(field, (value === undefined ? rest : { ...rest, [field]: value }) as Phase);
  };
  const field = (name: string) => ({
    root: {},
    path: `${path}.${name}`,
    value: phase[name],
    error: errors.get(`${path}.${name}`),
    errors,
    onChange: set(name),
  });
  return (
    <>
      <Field label={t("Name")}>
        <Input
          id="phase-name"
          value={phase.name ?? ""}
          maxLength={128}
          dir="auto"
          onChange={event => set("name")(event.currentTarget.value || undefined)}
        />
      </Field>
      <FormField
        {...field("instructions")}
        schema={{ control: "textarea" }}
        label={t("Instructions")}
        hint={t("What the assistant does in this phase. {{name}} puts in a variable.")}
      />
      <FormField
        {...field("exit")}
        schema={exitsTo(others)}
        label={t("Exits")}
        hint={t("When the phase is over, and which one follows.")}
      />
      <FormField
        {...field("buttons")}
        schema={BUTTONS}
        label={t("Buttons")}
        hint={t("Shown under each answer of the phase.")}
      />
      <Allowed
        legend="Tools"
        all={t("Every tool that the agent may use")}
        options={document.tools}
        value={phase.allowedToolIds}
        onChange={set("allowedToolIds")}
      />
      <Allowed
        legend="Snapshot"
        all={t("Every variable that the agent sees")}
        hint={t("What the model is told of the variables with each turn.")}
        options={document.variables.map(({ name }) => ({ id: name, name }))}
        value={phase.snapshotKeys}
        onChange={set("snapshotKeys")}
      />
      <ModelInput
        hint={t("Left empty, the project's. Several with commas: the next is tried where one fails.")}
        error={errors.get(`${path}.model`)}
        value={phase.model}
        onChange={set("model")}
      />
    </>
  );
}

function NoPhases({ onAdd }: { readonly onAdd: () => void }) {
  const edits = useMay("edit");
  return (
    <EmptyState
      icon={Milestone}
      title={t("A phase is a part of the conversation with instructions and tools of its own")}
      actions={
        edits && (
          <Button look="primary" onClick={onAdd}>
            {t("Add phase")}
          </Button>
        )
      }
    >
      {t("Without any, the persona leads the whole conversation.")}
    </EmptyState>
  );
}

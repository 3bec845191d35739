import type { ProjectDocument } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import type { Editor } from "@dashboard/editing/editor";
import { ChoiceOfMany } from "@dashboard/form/choice-of-many";
import { ModelInput } from "@dashboard/form/model-input";
import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import type { Kind } from "@dashboard/parts/kinds";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { Fieldset } from "@ui/fieldset";
import { t } from "@ui/words";
import type { ReactNode } from "react";
import { Allowed } from "./allowed";
import { type Harness, harnessOf, PATH, withHarness } from "./harness";
import { BUDGET, BUILTINS, GUARD, PERSONA, REACH, TURN } from "./schemas";

export interface TabProps {
  readonly editor: Editor;
  /** What is wrong, by the path of the field. */
  readonly errors: ReadonlyMap<string, string>;
}

type Behaviour = ProjectDocument["behaviourConfig"];
type Values = Readonly<Record<string, unknown>>;

/** Who the assistant is, and what it keeps away from. */
export function Persona({ editor, errors }: TabProps) {
  const { behaviour, set } = useBehaviour(editor);
  return (
    <Sheet>
      <Form schema={PERSONA} value={behaviour} errors={errors} path="behaviourConfig" onChange={set} />
      <ModelInput
        hint={t("Left empty, the server's. Several with commas: the next is tried where one fails.")}
        error={errors.get("behaviourConfig.model")}
        value={behaviour.model}
        onChange={model => set({ ...behaviour, model: model ?? null }, "model")}
      />
      <Group title={t("What it keeps away from")}>
        <Form
          schema={GUARD}
          value={behaviour.guard ?? {}}
          errors={errors}
          path="behaviourConfig.guard"
          onChange={(guard, field) => set({ ...behaviour, guard }, field)}
        />
      </Group>
    </Sheet>
  );
}

/** What the agent may use. */
export function Tools({ editor, projectId }: TabProps & { readonly projectId: string }) {
  const { harness, set } = useHarness(editor);
  const tools = editor(state => state.document.tools);
  return (
    <Sheet>
      <Allowed
        legend="Tools"
        all={t("Every tool of the project")}
        hint={t("The model decides by a tool's description when to use it.")}
        options={tools}
        value={harness.allowedToolIds}
        onChange={allowedToolIds => set({ ...harness, allowedToolIds }, "allowedToolIds")}
      />
      <PartLink projectId={projectId} kind="tools">
        {tools.length ? t("Edit tools") : t("Add a tool")}
      </PartLink>
      <Group title={t("What it may show beside text")}>
        <Form
          schema={BUILTINS}
          value={harness.uiBuiltins ?? {}}
          errors={new Map()}
          path={`${PATH}.uiBuiltins`}
          onChange={(uiBuiltins, field) =>
            set({ ...harness, uiBuiltins: uiBuiltins as Record<string, boolean> }, field)
          }
        />
      </Group>
    </Sheet>
  );
}

/** To whom the agent may hand a conversation. */
export function Playbooks({ editor, projectId }: TabProps & { readonly projectId: string }) {
  const { harness, set } = useHarness(editor);
  const count = editor(state => state.document.playbooks.length);
  return (
    <Sheet>
      <ChoiceOfMany
        schema={{}}
        root={{}}
        of="playbooks"
        label={t("Playbooks")}
        hint={t("The agent hands a conversation to one by its description, and goes on when it is back.")}
        path={`${PATH}.allowedPlaybookIds`}
        value={harness.allowedPlaybookIds}
        onChange={ids => set({ ...harness, allowedPlaybookIds: ids as string[] }, "allowedPlaybookIds")}
      />
      <PartLink projectId={projectId} kind="playbooks">
        {count ? t("Edit playbooks") : t("Add a playbook")}
      </PartLink>
    </Sheet>
  );
}

/** What one turn, and one day, may take. */
export function Limits({ editor, errors }: TabProps) {
  const { behaviour, set } = useBehaviour(editor);
  const { harness, set: setHarness } = useHarness(editor);
  return (
    <Sheet>
      <Group title={t("One turn")}>
        <Form
          schema={TURN}
          value={harness}
          errors={errors}
          path={PATH}
          onChange={(changed, field) => setHarness(changed as Harness, field)}
        />
      </Group>
      <Group title={t("Budget")}>
        <Form
          schema={BUDGET}
          value={behaviour.budget ?? {}}
          errors={errors}
          path="behaviourConfig.budget"
          onChange={(budget, field) => set({ ...behaviour, budget }, field)}
        />
      </Group>
      <Form schema={REACH} value={behaviour} errors={errors} path="behaviourConfig" onChange={set} />
    </Sheet>
  );
}

function useBehaviour(editor: Editor) {
  const behaviour = editor(state => state.document.behaviourConfig);
  const edit = editor(state => state.edit);
  const set = (changed: Values, field: string) =>
    edit(
      t("Edit agent"),
      now => ({ ...now, behaviourConfig: { ...changed } as Behaviour }),
      `behaviourConfig.${field}`,
    );
  return { behaviour, set };
}

function useHarness(editor: Editor) {
  const harness = harnessOf(editor(state => state.document));
  const edit = editor(state => state.edit);
  const set = (changed: Harness, field: string) => {
    const kept = Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined));
    edit(t("Edit agent"), now => withHarness(now, () => kept), `${PATH}.${field}`);
  };
  return { harness, set };
}

function Form(props: {
  readonly schema: FieldSchema;
  readonly value: object;
  readonly errors: ReadonlyMap<string, string>;
  readonly path: string;
  readonly onChange: (value: Values, field: string) => void;
}) {
  return <SchemaForm {...props} root={props.schema} value={props.value as Values} open />;
}

function Sheet({ children }: { readonly children: ReactNode }) {
  const edits = useMay("edit");
  return (
    <div className="h-full overflow-y-auto">
      <div className="flex max-w-2xl flex-col gap-4 p-4">
        <Fieldset disabled={!edits}>{children}</Fieldset>
      </div>
    </div>
  );
}

function Group({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-3 border-line border-t pt-4 first:border-0 first:pt-0"
    >
      <h2 className="font-semibold text-lead">{title}</h2>
      {children}
    </section>
  );
}

function PartLink({
  projectId,
  kind,
  children,
}: {
  readonly projectId: string;
  readonly kind: Kind;
  readonly children: ReactNode;
}) {
  return (
    <div>
      <Link
        to="/p/$projectId/build/{-$workflow}"
        params={{ projectId, workflow: kind }}
        className={buttonClass("secondary")}
      >
        {children}
      </Link>
    </div>
  );
}

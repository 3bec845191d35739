import type { Schema } from "@client/api";
import { chordOf } from "@dashboard/commands";
import { useMay } from "@dashboard/data/roles";
import { Link } from "@tanstack/react-router";
import { IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { Field, Input } from "@ui/field";
import { Fieldset } from "@ui/fieldset";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { CircleAlert, FlaskConical, MessageSquare, Trash2, TriangleAlert, X } from "lucide-react";
import type { StepType } from "../data/schema";
import { nameOf, type Problem, portsOf, type Step, titleOf, type Workflow } from "../editing/flow";
import type { FieldSchema } from "../form/schema";
import { SchemaForm } from "../form/schema-form";
import { familyOf } from "./family";
import { canMock, Mock } from "./mock";

export interface InspectorProps {
  readonly projectId: string;
  readonly step: Step;
  readonly type: StepType | undefined;
  readonly workflow: Workflow;
  readonly problems: readonly Problem[];
  /** Conversation tests that were first not as expected here. */
  readonly redTests: readonly Schema<"Test">[];
  readonly onChange: (label: string, step: Step, key: string) => void;
  readonly onConnect: (port: string, target: string | undefined) => void;
  readonly onDelete: () => void;
  readonly onComment: () => void;
  readonly onClose: () => void;
  /** Back to the canvas, with the step still open. */
  readonly onLeave: () => void;
}

const EMPTY: FieldSchema = {};

/** One step: its name, its form, where its ways out lead, and what is wrong with it. */
export function Inspector(props: InspectorProps) {
  const { step, type, workflow, problems, onChange, onConnect, onDelete, onComment, onClose, onLeave } =
    props;
  const edits = useMay("edit");
  const schema = (type?.configSchema ?? EMPTY) as FieldSchema;
  const connections = workflow.connections.filter(each => each.source === step.id);
  const ports = portsOf(
    step,
    type,
    connections.map(each => each.sourcePort),
  );
  const family = familyOf(type?.family);
  const targets = [
    { value: "", label: t("Nowhere yet") },
    ...workflow.steps
      .filter(each => each.type !== "start")
      .map(each => ({ value: each.id, label: nameOf(each) })),
  ];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a key of the fields in it
    <div
      className="flex flex-col gap-4 p-4"
      onKeyDown={event => chordOf(event.nativeEvent) === "escape" && !event.defaultPrevented && onLeave()}
    >
      <header className="flex items-center gap-2">
        <span className={cx("flex size-6 items-center justify-center rounded-tag", family.className)}>
          <Icon of={family.icon} />
        </span>
        <h2 className="min-w-0 flex-1 truncate font-semibold text-lead">{titleOf(step.type)}</h2>
        <IconButton icon={MessageSquare} label={t("Comments")} shortcut="m" onClick={onComment} />
        {edits && step.type !== "start" && (
          <IconButton icon={Trash2} label={t("Delete step")} shortcut="Delete" onClick={onDelete} />
        )}
        <IconButton icon={X} label={t("Close")} shortcut="Escape" onClick={onClose} />
      </header>
      {type && <p className="text-dense text-text-2">{type.description}</p>}
      <Problems problems={problems} />
      <RedTests projectId={props.projectId} tests={props.redTests} />
      <Fieldset disabled={!edits}>
        <Field label={t("Name")} hint={t("How it is called on the canvas.")}>
          <Input
            id="step-name"
            value={step.name ?? ""}
            placeholder={titleOf(step.type)}
            maxLength={128}
            dir="auto"
            onChange={event => {
              const { name: _, ...rest } = step;
              const name = event.currentTarget.value;
              onChange(t("Rename step"), (name ? { ...rest, name } : rest) as Step, `${step.id}.name`);
            }}
          />
        </Field>
        <SchemaForm
          key={step.id}
          schema={schema}
          root={schema}
          value={step.config}
          example={type?.example}
          errors={errorsOf(problems)}
          onChange={(config, field) =>
            onChange(t("Edit %{step}", { step: nameOf(step) }), { ...step, config }, `${step.id}.${field}`)
          }
        />
        {edits && canMock(type) && <Mock projectId={props.projectId} mockKey={`${workflow.id}/${step.id}`} />}
        {ports.length > 0 && (
          <fieldset className="flex flex-col gap-3 border-line border-t pt-4">
            <legend className="sr-only">{t("Where it goes on")}</legend>
            <p className="font-medium text-dense" aria-hidden="true">
              {t("Where it goes on")}
            </p>
            {ports.map(port => (
              <Field key={port.id} label={port.label} className="text-text-2">
                <Select
                  dense
                  options={targets}
                  value={connections.find(each => each.sourcePort === port.id)?.target ?? ""}
                  onChange={target => onConnect(port.id, target || undefined)}
                />
              </Field>
            ))}
          </fieldset>
        )}
      </Fieldset>
    </div>
  );
}

function Problems({ problems }: { readonly problems: readonly Problem[] }) {
  if (problems.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {problems.map(problem => (
        <li
          key={problem.path + problem.message}
          className={cx(
            "flex gap-2 rounded-control p-2 text-dense",
            problem.severity === "error" ? "bg-bad-soft text-bad" : "bg-warn-soft text-warn",
          )}
        >
          <Icon of={problem.severity === "error" ? CircleAlert : TriangleAlert} className="mt-0.5" />
          <span>
            {problem.message}
            {problem.fix && <span className="block">{problem.fix}</span>}
          </span>
        </li>
      ))}
    </ul>
  );
}

function RedTests({
  projectId,
  tests,
}: {
  readonly projectId: string;
  readonly tests: InspectorProps["redTests"];
}) {
  if (tests.length === 0) return null;
  return (
    <ul className="flex flex-col gap-2">
      {tests.map(test => (
        <li key={test.id} className="flex gap-2 rounded-control bg-bad-soft p-2 text-bad text-dense">
          <Icon of={FlaskConical} className="mt-0.5" />
          <Link
            to="/p/$projectId/test"
            params={{ projectId }}
            search={{ view: "tests", item: test.id }}
            className="underline"
            dir="auto"
          >
            {t("Test “%{name}” is first not as expected here", { name: test.name || test.id })}
          </Link>
        </li>
      ))}
    </ul>
  );
}

/** Messages by the field's path inside the step's config. */
function errorsOf(problems: readonly Problem[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { path, message } of problems) {
    const [, field] = path.split(/\.config\./);
    if (field) found.set(field, message);
  }
  return found;
}

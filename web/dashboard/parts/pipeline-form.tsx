import { schemaQuery } from "@dashboard/data/schema";
import { targetName } from "@dashboard/data/targets";
import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import { useQuery } from "@tanstack/react-query";
import { Button, IconButton } from "@ui/button";
import { Menu, MenuItem } from "@ui/menu";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { Plus, Trash2 } from "lucide-react";
import type { PartFormProps } from "./form";
import type { Pipeline } from "./kinds";
import { ScheduleForm } from "./schedule-form";

type Target = Pipeline["targets"][number];

const COMMON: FieldSchema = {
  properties: {
    name: { control: "text" },
    workflowId: {
      control: "workflow",
      needed: true,
      description: t("What writes: its texts and pictures are the post. Nothing in it may wait for anybody."),
    },
    approval: {
      control: "select",
      needed: true,
      enum: ["person", "none"],
      labels: { person: t("Somebody of the team"), none: t("Nobody") },
      default: "person",
      description: t("Who says yes before it is published."),
    },
  },
};

/** A pipeline: what writes, who says yes, where it goes and when. */
export function PipelineForm({
  projectId,
  part,
  errors,
  path,
  onChange,
}: PartFormProps<Pipeline> & { readonly projectId: string }) {
  const put = (changed: Partial<Pipeline>, field: string) => onChange({ ...part, ...changed }, field);
  return (
    <>
      <SchemaForm
        open
        schema={COMMON}
        root={{}}
        value={part}
        errors={errors}
        path={path}
        onChange={(changed, field) => onChange(changed as unknown as Pipeline, field)}
      />
      <section aria-label={t("Schedule")} className="flex flex-col gap-3 border-line border-t pt-4">
        <h3 className="font-medium text-body">{t("Schedule")}</h3>
        <ScheduleForm
          projectId={projectId}
          enabled={part.enabled}
          schedule={part.schedule ?? null}
          error={errors.get(`${path}.schedule`)}
          onEnabled={enabled => put({ enabled }, "enabled")}
          onSchedule={schedule => put({ schedule }, "schedule")}
        />
      </section>
      <section aria-label={t("Targets")} className="flex flex-col gap-3 border-line border-t pt-4">
        <h3 className="font-medium text-body">{t("Targets")}</h3>
        <Targets
          targets={part.targets}
          errors={errors}
          path={`${path}.targets`}
          onChange={targets => put({ targets: [...targets] }, "targets")}
        />
      </section>
    </>
  );
}

interface TargetsProps {
  readonly targets: readonly Target[];
  readonly errors: ReadonlyMap<string, string>;
  readonly path: string;
  readonly onChange: (targets: readonly Target[]) => void;
}

/** Where it goes: each target with the fields of its type. */
function Targets({ targets, errors, path, onChange }: TargetsProps) {
  const schema = useQuery(schemaQuery);
  if (schema.isError) {
    return (
      <ErrorState
        title={t("Could not load the types of targets.")}
        error={schema.error}
        onRetry={() => schema.refetch()}
      />
    );
  }
  if (!schema.data) {
    return (
      <Loading what={t("the types of targets")}>
        <Skeleton className="h-32" />
      </Loading>
    );
  }
  const types = schema.data.targets;
  return (
    <>
      {targets.length === 0 && (
        <p className="text-dense text-text-2">{t("Without a target there is nowhere to publish.")}</p>
      )}
      {targets.map((target, index) => {
        const type = types.find(each => each.type === target.connector);
        const config = (type?.configSchema ?? {}) as FieldSchema;
        return (
          <fieldset
            // biome-ignore lint/suspicious/noArrayIndexKey: targets have no id, and do not move
            key={`${index} ${target.connector}`}
            className="flex min-w-0 flex-col gap-3 rounded-card border border-line p-3"
          >
            <legend className="sr-only">{targetName(target.connector)}</legend>
            <div className="flex items-start gap-2">
              <div className="min-w-0 flex-1">
                <p className="font-medium text-dense">{targetName(target.connector)}</p>
                {type && <p className="text-caption text-text-2">{type.description.replaceAll("`", "")}</p>}
              </div>
              <IconButton
                dense
                icon={Trash2}
                label={t("Remove %{targetName}", { targetName: targetName(target.connector) })}
                onClick={() => onChange(targets.filter((_, at) => at !== index))}
              />
            </div>
            <SchemaForm
              schema={withSecrets(config, type?.secrets ?? [])}
              root={config}
              value={target.config}
              example={type?.example}
              errors={errors}
              path={`${path}[${index}].config`}
              onChange={changed =>
                onChange(targets.with(index, { ...target, config: changed as Target["config"] }))
              }
            />
          </fieldset>
        );
      })}
      <div>
        <Menu
          align="start"
          trigger={
            <Button dense icon={Plus}>
              {t("Add target")}
            </Button>
          }
        >
          {types.map(type => (
            <MenuItem
              key={type.type}
              onSelect={() => onChange([...targets, { connector: type.type, config: {} }])}
            >
              {targetName(type.type)}
            </MenuItem>
          ))}
        </Menu>
      </div>
    </>
  );
}

/** Secret fields name a secret of the project: the form says how. */
function withSecrets(schema: FieldSchema, secrets: readonly string[]): FieldSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([name, field]): [string, FieldSchema] =>
    secrets.includes(name)
      ? [
          name,
          {
            ...field,
            control: "text",
            description:
              `${field.description ?? ""} ${t("A secret of the project, as {{secrets.NAME}}.")}`.trim(),
          },
        ]
      : [name, field],
  );
  return { ...schema, properties: Object.fromEntries(properties) };
}

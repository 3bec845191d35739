import { schemaQuery } from "@dashboard/data/schema";
import { titleIn } from "@dashboard/data/titles";
import type { FieldSchema } from "@dashboard/form/schema";
import { SchemaForm } from "@dashboard/form/schema-form";
import { useQuery } from "@tanstack/react-query";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import type { PartFormProps } from "./form";
import type { Tool } from "./kinds";
import { Offers } from "./offers";
import { ParametersForm } from "./parameters-form";

/** A tool: what the model is told of it, and what it does by its type. */
export function ToolForm(props: PartFormProps<Tool>) {
  const { part, errors, path, onChange } = props;
  const schema = useQuery(schemaQuery);
  if (schema.isError) {
    return (
      <ErrorState
        title={t("Could not load the types of tools.")}
        error={schema.error}
        onRetry={() => schema.refetch()}
      />
    );
  }
  if (!schema.data) {
    return (
      <Loading what={t("the types of tools")}>
        <Skeleton className="h-96" />
      </Loading>
    );
  }
  const { tools, connectors } = schema.data;
  const type = tools.find(each => each.type === part.type);
  const config = (type?.configSchema ?? {}) as FieldSchema;
  return (
    <>
      <SchemaForm
        schema={common(tools.map(each => each.type))}
        root={{}}
        open
        value={part}
        errors={errors}
        path={path}
        onChange={(changed, field) => {
          const next = changed as unknown as Tool;
          onChange(next.type === part.type ? next : { ...next, config: {} }, field);
        }}
      />
      <ParametersForm
        key={part.id}
        value={part.parameters}
        error={errors.get(`${path}.parameters`)}
        onChange={parameters =>
          onChange({ ...part, parameters: parameters as Tool["parameters"] }, "parameters")
        }
      />
      <section aria-label={t("Configuration")} className="flex flex-col gap-4 border-line border-t pt-4">
        {type && <p className="text-dense text-text-2">{type.description.replaceAll("`", "")}</p>}
        <SchemaForm
          key={part.type}
          schema={withConnectors(config, part, connectors)}
          root={config}
          value={part.config}
          example={type?.example}
          hidden={part.type === "mcp" ? LISTED : undefined}
          errors={errors}
          path={`${path}.config`}
          onChange={(changed, field) => onChange({ ...part, config: changed as Tool["config"] }, field)}
        />
      </section>
      {part.type === "mcp" && <Offers key={part.id} {...props} />}
    </>
  );
}

/** Fields of an MCP tool that are set where its server's tools are listed. */
const LISTED: ReadonlySet<string> = new Set(["tools", "pins", "seen"]);

function common(types: readonly string[]): FieldSchema {
  return {
    properties: {
      name: { control: "text", description: t("What the model calls it: letters, digits, _ and -.") },
      description: {
        control: "textarea",
        description: t("What it does and when to use it: the model decides by this."),
      },
      type: {
        control: "select",
        enum: types,
        labels: Object.fromEntries(types.map(each => [each, titleIn("tools", each)])),
      },
      approval: {
        control: "select",
        enum: ["none", "user", "person"],
        labels: {
          none: t("Nobody"),
          user: t("The person who is talking"),
          person: t("Somebody of the team"),
        },
        description: t("Who says yes before it runs."),
      },
      enabled: { control: "switch", default: true },
    },
  };
}

type Connectors = readonly {
  readonly type: string;
  readonly title: string;
  readonly actions: readonly { readonly name: string }[];
}[];

/** The schema of an `integration` with the services there are, and what can be done at the chosen one. */
function withConnectors(schema: FieldSchema, tool: Tool, connectors: Connectors): FieldSchema {
  if (tool.type !== "integration" || !schema.properties) return schema;
  const chosen = connectors.find(each => each.type === tool.config["provider"]);
  const { provider, action } = schema.properties;
  const choice = (names: readonly string[], titles = {}) => ({
    enum: ["", ...names],
    labels: { "": t("None chosen"), ...titles },
  });
  const services = Object.fromEntries(connectors.map(each => [each.type, each.title]));
  return {
    ...schema,
    properties: {
      ...schema.properties,
      provider: { ...provider, ...choice(Object.keys(services), services) },
      action: { ...action, ...choice(chosen?.actions.map(each => each.name) ?? []) },
    },
  };
}

import { ApiError } from "@client/api";
import { projectsQuery } from "@dashboard/data/projects";
import { type FieldSchema, propertiesOf } from "@dashboard/form/schema";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { ChannelSign } from "./channel-sign";
import { ConfigForm } from "./config-form";
import { type Channel, type Config, deploymentsQuery, makeDeployment, nameOf } from "./data";
import { suggestedSlug } from "./look";
import { route } from "./route";
import { Steps } from "./steps";

/** A channel that the project is put on: what to do at the vendor's beside what it is configured with. */
export function SetUp({ projectId, kind }: { readonly projectId: string; readonly kind: Channel }) {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const [name, setName] = useState(nameOf(kind.type));
  const [config, setConfig] = useState<Config>(() => {
    if (!propertiesOf(kind.configSchema as FieldSchema).some(([each]) => each === "slug")) return {};
    const projects = queryClient.getQueryData(projectsQuery.queryKey);
    return { slug: suggestedSlug(projects?.find(({ id }) => id === projectId)?.slug ?? "") };
  });
  const make = useMutation({
    meta: { quiet: true },
    mutationFn: () => makeDeployment(projectId, { channel: kind.type, name: name.trim(), config }),
    onSuccess: async made => {
      const { queryKey } = deploymentsQuery(projectId);
      await queryClient.cancelQueries({ queryKey });
      await queryClient.invalidateQueries({ queryKey });
      await navigate({ params: { deploymentId: made.id }, search: {} });
    },
  });
  const error = make.error instanceof ApiError ? make.error : undefined;
  const atField = error?.details.some(detail => /^(name|config\.)/.test(detail.path));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <div className="flex flex-col gap-6">
      <div className="flex items-center gap-3">
        <ChannelSign channel={kind.type} />
        <div className="min-w-0">
          <h2 className="font-semibold text-lead">{nameOf(kind.type)}</h2>
          <p className="text-body text-text-2">{kind.description}</p>
        </div>
      </div>
      <div className="grid gap-8 md:grid-cols-2">
        <form onSubmit={submit} className="flex flex-col gap-4" noValidate>
          <Field
            label={t("Name")}
            hint={t("To know it by among your deployments.")}
            error={error?.at("name")}
          >
            <Input value={name} onChange={event => setName(event.target.value)} maxLength={200} dir="auto" />
          </Field>
          <ConfigForm kind={kind} value={config} onChange={setConfig} error={error} />
          {error && !atField && (
            <p role="alert" className="text-body text-bad">
              {error.message}
            </p>
          )}
          <div className="flex gap-2">
            <Button look="primary" type="submit" busy={make.isPending} disabled={!name.trim()}>
              {t("Add %{type}", { type: nameOf(kind.type) })}
            </Button>
            <Link from={route.fullPath} to="." search={{}} className={buttonClass()}>
              {t("Cancel")}
            </Link>
          </div>
        </form>
        <Steps kind={kind} />
      </div>
    </div>
  );
}

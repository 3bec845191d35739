import { versionsQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { deleteLater } from "@dashboard/delete-later";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Switch } from "@ui/choice";
import { Field } from "@ui/field";
import { Fieldset } from "@ui/fieldset";
import { Select } from "@ui/select";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { ChannelSign } from "./channel-sign";
import {
  type Channel,
  changeDeployment,
  type Deployment,
  deploymentsQuery,
  nameOf,
  removeDeployment,
} from "./data";
import { Deliveries } from "./deliveries";
import { Health } from "./overview";
import { route } from "./route";
import { Settings } from "./settings";
import { Steps } from "./steps";
import { TestMessage } from "./test-message";
import { WebChat } from "./web-chat";

export interface DeploymentProps {
  readonly projectId: string;
  readonly deployment: Deployment;
  readonly kind: Channel;
}

/** One deployment: how it does, how it is configured, what comes and goes. */
export function DeploymentView({ projectId, deployment, kind }: DeploymentProps) {
  const navigate = route.useNavigate();
  const edits = useMay("edit");
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: deploymentsQuery(projectId).queryKey });
  const versions = useQuery(versionsQuery(projectId));
  const change = useMutation({
    mutationFn: (body: { enabled?: boolean; versionId?: string }) =>
      changeDeployment(projectId, deployment.id, body),
    onSettled: refresh,
  });
  const remove = () => {
    deleteLater({
      id: deployment.id,
      title: t("%{name} deleted", { name: deployment.name }),
      send: init => removeDeployment(projectId, deployment.id, init),
      onDone: refresh,
    });
    navigate({ params: { deploymentId: undefined }, search: {} });
  };
  const options = [
    { value: "production", label: t("Production"), hint: t("What was published last") },
    { value: "development", label: t("The draft"), hint: t("Each change at once: to try it out") },
    ...(versions.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
  ];
  if (!options.some(({ value }) => value === deployment.versionId)) {
    options.push({ value: deployment.versionId, label: deployment.versionId });
  }
  return (
    <div className="flex flex-col gap-8">
      <header className="flex flex-wrap items-center gap-3">
        <ChannelSign channel={deployment.channel} />
        <div className="min-w-0 flex-1 basis-48">
          <h2 className="truncate font-semibold text-lead" dir="auto" title={deployment.name}>
            {deployment.name}
          </h2>
          <p className="flex flex-wrap gap-x-3 text-caption text-text-2">
            <span>{nameOf(deployment.channel)}</span>
            {kind.webhook && (
              <>
                <span>
                  {t("Last received")} <Time at={deployment.lastReceivedAt} />
                </span>
                <span>
                  {t("Last sent")} <Time at={deployment.lastSentAt} />
                </span>
              </>
            )}
          </p>
        </div>
        <Health deployment={deployment} />
        {edits && <Button onClick={remove}>{t("Delete deployment")}</Button>}
      </header>
      {deployment.problem && (
        <p role="alert" className="rounded-card border border-line bg-warn-soft p-3 text-body text-warn">
          {deployment.problem}
        </p>
      )}
      <div className="grid gap-8 md:grid-cols-2">
        <div className="flex flex-col gap-6">
          <Fieldset disabled={!edits}>
            <Switch
              label={t("Active")}
              hint={t("While it is paused nothing is taken in and nothing is sent.")}
              checked={deployment.enabled}
              onChange={enabled => change.mutate({ enabled })}
            />
            <Field label={t("Version served")}>
              <Select
                value={deployment.versionId}
                onChange={versionId => change.mutate({ versionId })}
                options={options}
              />
            </Field>
            {kind.webhook && (
              <Settings projectId={projectId} deployment={deployment} kind={kind} onSaved={refresh} />
            )}
          </Fieldset>
        </div>
        <div className="flex flex-col gap-8">
          <Steps
            kind={kind}
            webhook={deployment.webhookUrl ? location.origin + deployment.webhookUrl : undefined}
          />
          {edits && kind.webhook && <TestMessage projectId={projectId} deployment={deployment} />}
        </div>
      </div>
      {kind.webhook ? (
        <Deliveries projectId={projectId} deployment={deployment} />
      ) : (
        <Fieldset disabled={!edits}>
          <WebChat projectId={projectId} deployment={deployment} kind={kind} onSaved={refresh} />
        </Fieldset>
      )}
    </div>
  );
}

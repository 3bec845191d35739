import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { useDisabled } from "@ui/fieldset";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { CircleAlert, CircleCheck, CircleHelp } from "lucide-react";
import { ConfigForm } from "./config-form";
import { type Config, checkQuery } from "./data";
import type { DeploymentProps } from "./deployment-view";
import { type SavedProps, useConfig } from "./use-config";

/** The configuration, and what the vendor says of it. */
export function Settings(props: SavedProps) {
  const { projectId, deployment, kind } = props;
  const readOnly = useDisabled();
  const { config, setConfig, save, submit, error, problem } = useConfig(props, patched);
  const changed = JSON.stringify(config) !== JSON.stringify(deployment.config);
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate aria-label={t("Configuration")}>
      <Verdict projectId={projectId} deployment={deployment} />
      <ConfigForm
        kind={kind}
        value={config}
        onChange={setConfig}
        kept={deployment.secretsSet}
        error={error}
      />
      {problem && (
        <p role="alert" className="text-body text-bad">
          {problem}
        </p>
      )}
      {!readOnly && (
        <div>
          <Button look="primary" type="submit" busy={save.isPending} disabled={!changed}>
            {t("Save configuration")}
          </Button>
        </div>
      )}
    </form>
  );
}

/** A merge patch from one configuration to another; a secret that was not typed is not named. */
function patched(before: Config, after: Config): Config {
  const patch: Config = { ...after };
  for (const name of Object.keys(before)) if (!(name in after)) patch[name] = null;
  return patch;
}

const SIGNS = { accepted: CircleCheck, refused: CircleAlert, unknown: CircleHelp } as const;
const TONES = { accepted: "text-ok", refused: "text-bad", unknown: "text-text-3" } as const;

/** What the vendor says of the credentials; nothing at a channel that has nobody to ask. */
function Verdict({ projectId, deployment }: Pick<DeploymentProps, "projectId" | "deployment">) {
  const check = useQuery(checkQuery(projectId, deployment));
  const status = check.data?.status ?? "unknown";
  if (status === "unasked") return null;
  const words = check.isPending
    ? t("Asking the vendor…")
    : check.isError
      ? check.error.message
      : check.data.status === "accepted"
        ? t("Connected as %{account}", { account: check.data.account })
        : (check.data.problem ?? t("The vendor does not take the credentials."));
  return (
    <div className="flex items-start gap-2 rounded-card border border-line bg-surface p-3">
      <Icon of={SIGNS[status]} className={`mt-0.5 ${TONES[status]}`} />
      <p role="status" className="min-w-0 flex-1 break-words text-body text-text">
        {words}
      </p>
      <Button dense busy={check.isFetching} onClick={() => check.refetch()}>
        {t("Check again")}
      </Button>
    </div>
  );
}

import { ApiError } from "@client/api";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Config, changeDeployment } from "./data";
import type { DeploymentProps } from "./deployment-view";

export type SavedProps = DeploymentProps & { readonly onSaved: () => unknown };

/** A form over a deployment's configuration: what is in it, and how it is saved, by a merge patch. */
export function useConfig<Shown extends object>(
  { projectId, deployment, onSaved }: SavedProps,
  patch: (before: Config, after: Shown) => Config,
) {
  const [config, setConfig] = useState(deployment.config as Shown);
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      changeDeployment(projectId, deployment.id, { config: patch(deployment.config, config) }),
    onSuccess: saved => {
      setConfig(saved.config as Shown);
      return onSaved();
    },
  });
  const error = save.error instanceof ApiError ? save.error : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  /** What is told of the whole, where no field is named. */
  const problem = error?.details.some(({ path }) => path.startsWith("config.")) ? undefined : error?.message;
  return { config, setConfig, save, submit, error, problem };
}

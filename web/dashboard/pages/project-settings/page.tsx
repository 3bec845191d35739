import { documentQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { ProjectError } from "@dashboard/project-error";
import { useQuery } from "@tanstack/react-query";
import { Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { Danger } from "./danger";
import { General } from "./general";
import { Limits } from "./limits";
import { Model } from "./model";
import { Retention } from "./retention";
import { route } from "./route";

/** What holds for the whole project; each section saves for itself. */
export default function ProjectSettingsPage() {
  const { projectId } = route.useParams();
  const owns = useMay("own");
  const draft = useQuery(documentQuery(projectId));
  return (
    <Page title={t("Settings")} api={`/api/v1/projects/${projectId}`}>
      {draft.isPending && (
        <Loading what={t("settings")} className="flex max-w-xl flex-col gap-6">
          <Skeleton className="h-64" />
          <Skeleton className="h-40" />
        </Loading>
      )}
      {draft.isError && (
        <ProjectError
          title={t("Could not load the settings.")}
          error={draft.error}
          onRetry={() => draft.refetch()}
        />
      )}
      {draft.data && (
        <div className="flex max-w-xl flex-col gap-12" key={projectId}>
          <General draft={draft.data} />
          <Model draft={draft.data} />
          <Limits draft={draft.data} />
          <Retention draft={draft.data} />
          {owns && <Danger document={draft.data.document} />}
        </div>
      )}
    </Page>
  );
}

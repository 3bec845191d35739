import { useMay } from "@dashboard/data/roles";
import { schemaQuery } from "@dashboard/data/schema";
import { useKept } from "@dashboard/delete-later";
import { Page } from "@dashboard/frame/page";
import { useQuery } from "@tanstack/react-query";
import { ErrorState, Loading, Skeleton, SkeletonRows } from "@ui/states";
import { t } from "@ui/words";
import { deploymentsQuery } from "./data";
import { DeploymentView } from "./deployment-view";
import { AddChannel, GALLERY, Overview } from "./overview";
import { route } from "./route";
import { SetUp } from "./set-up";

/** Where people are: the channels that the project is on, and those that it could be on. */
export default function DeploymentsPage() {
  const { projectId, deploymentId } = route.useParams();
  const { new: channel } = route.useSearch();
  const edits = useMay("edit");
  const schema = useQuery(schemaQuery);
  const deployments = useQuery(deploymentsQuery(projectId));
  const kept = useKept(deployments.data);
  const opened = kept.find(each => each.id === deploymentId);
  const kind = schema.data?.channels.find(each => each.type === (opened?.channel ?? channel));
  const failed = schema.isError ? schema : deployments.isError ? deployments : undefined;
  const item = deploymentId
    ? (opened?.name ?? t("Deployment"))
    : channel && (kind ? t("Add %{channel}", { channel: kind.title }) : t("Add a channel"));
  const base = `/api/v1/projects/${projectId}/deployments`;
  return (
    <Page title={t("Deployments")} item={item} api={deploymentId ? `${base}/${deploymentId}` : base}>
      {failed ? (
        <ErrorState
          title={t("Could not load the deployments.")}
          error={failed.error}
          onRetry={() => failed.refetch()}
        />
      ) : !(schema.data && deployments.data) ? (
        <Waiting form={Boolean(item)} edits={edits} />
      ) : deploymentId ? (
        opened && kind ? (
          <DeploymentView key={opened.id} projectId={projectId} deployment={opened} kind={kind} />
        ) : (
          <ErrorState
            title={t("There is no such deployment.")}
            error={{ message: t("It was removed, or it is another project's.") }}
          />
        )
      ) : edits && channel && kind ? (
        <SetUp key={channel} projectId={projectId} kind={kind} />
      ) : (
        <Overview deployments={kept} channels={schema.data.channels} />
      )}
    </Page>
  );
}

/** As it will be: a gallery, or a form beside its steps. */
function Waiting({ form, edits }: { readonly form: boolean; readonly edits: boolean }) {
  return form ? (
    <Loading what={t("deployments")} className="grid max-w-5xl gap-8 md:grid-cols-2">
      <div className="flex flex-col gap-6">
        {["a", "b", "c", "d"].map(key => (
          <Skeleton key={key} className="h-14" />
        ))}
      </div>
      <Skeleton className="h-40 rounded-card" />
    </Loading>
  ) : (
    <Loading what={t("deployments")}>
      {edits ? (
        <AddChannel>
          <div className={GALLERY}>
            {["a", "b", "c", "d", "e", "f"].map(key => (
              <Skeleton key={key} className="h-23.5 rounded-card" />
            ))}
          </div>
        </AddChannel>
      ) : (
        <SkeletonRows />
      )}
    </Loading>
  );
}

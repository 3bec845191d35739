import { versionsQuery } from "@dashboard/data/projects";
import { Page } from "@dashboard/frame/page";
import { lazyPart } from "@dashboard/lazy-part";
import { compareQuery, DRAFT } from "@dashboard/publish/data";
import { PublishButton } from "@dashboard/publish/publish-button";
import { useQuery } from "@tanstack/react-query";
import { SplitPane } from "@ui/split-pane";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { History } from "lucide-react";
import { Suspense } from "react";
import { route } from "./route";
import { Timeline } from "./timeline";
import { drawn } from "./union";
import { VersionView } from "./version-view";

const DrawnChanges = lazyPart(() => import("./drawn-changes"));

/** What was published and when, what was kept, and what changed between any two. */
export default function VersionsPage() {
  const { projectId, version: id } = route.useParams();
  const versions = useQuery(versionsQuery(projectId));
  const { at, compare = DRAFT } = route.useSearch();
  const navigate = route.useNavigate();
  const opened = versions.data?.find(each => each.id === id);
  const comparison = useQuery({
    ...compareQuery(projectId, id ?? "", compare),
    enabled: opened !== undefined && at !== undefined,
  });
  return (
    <Page
      fill
      title={t("Versions")}
      api={`/api/v1/projects/${projectId}/versions`}
      item={id && (opened?.name ?? t("Version"))}
      actions={<PublishButton projectId={projectId} />}
    >
      <SplitPane
        id="versions"
        label={t("Version")}
        size={480}
        main={
          opened && at !== undefined && comparison.data && drawn(comparison.data.changes).length > 0 ? (
            <Suspense>
              <DrawnChanges
                projectId={projectId}
                comparison={comparison.data}
                at={Math.min(at, drawn(comparison.data.changes).length - 1)}
                onAt={next => void navigate({ search: before => ({ ...before, at: next }), replace: true })}
                onClose={() => void navigate({ search: before => ({ ...before, at: undefined }) })}
              />
            </Suspense>
          ) : (
            <div className="mx-auto w-full max-w-3xl px-4 py-6 md:px-6">
              {versions.isPending && (
                <Loading what={t("versions")} className="flex flex-col gap-2">
                  {["a", "b", "c"].map(row => (
                    <Skeleton key={row} className="h-16" />
                  ))}
                </Loading>
              )}
              {versions.isError && (
                <ErrorState
                  title={t("Could not load the versions.")}
                  error={versions.error}
                  onRetry={() => versions.refetch()}
                />
              )}
              {versions.data?.length === 0 && (
                <EmptyState
                  icon={History}
                  title={t("A version is what people talk to; the draft is yours until you publish it")}
                  actions={<PublishButton projectId={projectId} look="secondary" worded />}
                >
                  {t("Each stays as it was, can be compared with any other, and put back.")}
                </EmptyState>
              )}
              {versions.data && versions.data.length > 0 && <Timeline versions={versions.data} opened={id} />}
            </div>
          )
        }
        side={
          opened && versions.data ? (
            <VersionView projectId={projectId} version={opened} versions={versions.data} />
          ) : id && versions.isPending ? (
            <Loading what={t("the version")} className="flex flex-col gap-5 p-4">
              <div className="flex flex-col gap-2">
                <Skeleton className="h-6 w-3/5" />
                <Skeleton className="h-5 w-2/5" />
              </div>
              <Skeleton className="h-8 w-full" />
              <div className="flex flex-col gap-3 border-line border-t pt-4">
                <Skeleton className="h-5 w-1/3" />
                <Skeleton className="h-8" />
                <Skeleton className="h-32" />
              </div>
            </Loading>
          ) : null
        }
      />
    </Page>
  );
}

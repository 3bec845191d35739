import { runQuery, runsQuery } from "@dashboard/data/runs";
import { Page } from "@dashboard/frame/page";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { CalendarDays, List as ListIcon, Megaphone } from "lucide-react";
import { Calendar } from "./calendar";
import { monthOf } from "./days";
import { route } from "./route";
import { RunPane } from "./run-pane";
import { Shelves } from "./shelves";
import { StartRun } from "./start-run";

/** Posts that pipelines wrote: looked at, approved, published. */
export default function OutboundPage() {
  const { projectId, run: runId } = route.useParams();
  const { show = "waiting", month } = route.useSearch();
  const navigate = route.useNavigate();
  const opened = useQuery({ ...runQuery(projectId, runId ?? ""), enabled: Boolean(runId) });
  const list = useInfiniteQuery(runsQuery(projectId, show === "all" ? undefined : show));
  const many = list.data?.pages[0]?.runs.length ?? 0;
  return (
    <Page
      fill
      title={t("Approvals")}
      api={`/api/v1/projects/${projectId}/runs${runId ? `/${runId}` : ""}`}
      item={runId && (opened.data?.pipelineName || t("Run"))}
      actions={
        <>
          <IconButton
            icon={month ? ListIcon : CalendarDays}
            label={month ? t("Show as a list") : t("Show as a calendar")}
            onClick={() =>
              navigate({
                params: { projectId, run: undefined },
                search: before => ({ ...before, month: month ? undefined : monthOf(new Date()) }),
              })
            }
          />
          <StartRun projectId={projectId} />
        </>
      }
    >
      {month ? (
        <Calendar projectId={projectId} month={month} />
      ) : (
        <div className="flex min-h-0 flex-1">
          <div
            className={cx(
              "flex w-full min-w-0 shrink-0 flex-col border-line bg-surface lg:w-80 lg:border-e",
              runId && "max-lg:hidden",
            )}
          >
            <h2 className="sr-only">{t("Posts")}</h2>
            <Shelves projectId={projectId} show={show} opened={runId} />
          </div>
          {runId ? (
            <RunPane key={runId} projectId={projectId} runId={runId} />
          ) : (
            <div className="flex flex-1 items-center max-lg:hidden">
              {many > 0 && (
                <EmptyState icon={Megaphone} title={t("Open a post to read it and decide about it")} />
              )}
            </div>
          )}
        </div>
      )}
    </Page>
  );
}

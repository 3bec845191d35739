import { useMay } from "@dashboard/data/roles";
import { isDue, type Run, runQuery } from "@dashboard/data/runs";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { buttonClass } from "@ui/button";
import { Icon } from "@ui/icon";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { ArrowLeft } from "lucide-react";
import { useState } from "react";
import { useDecisions } from "./acts";
import { Deciding } from "./deciding";
import { Outcome } from "./outcome";
import { PostText } from "./post-text";
import { Previews } from "./previews";
import { route } from "./route";
import { STATUS } from "./words";

/** One post: how it will look, what was changed, what is decided, what became of it. */
export function RunPane({ projectId, runId }: { readonly projectId: string; readonly runId: string }) {
  const run = useQuery(runQuery(projectId, runId));
  return (
    <div className="flex min-w-0 flex-1 flex-col">
      <Link
        from={route.fullPath}
        to="."
        params={before => ({ ...before, run: undefined })}
        search={before => before}
        className={`${buttonClass("quiet", true)} self-start lg:hidden`}
      >
        <Icon of={ArrowLeft} className="rtl:rotate-180" />
        {t("All posts")}
      </Link>
      {run.data ? (
        <Shown key={run.data.round} projectId={projectId} run={run.data} />
      ) : run.isError ? (
        <ErrorState
          className="m-4"
          title={t("Could not load the post.")}
          error={run.error}
          onRetry={() => run.refetch()}
        />
      ) : (
        <Loading what={t("the post")} className="flex flex-col gap-3 p-4">
          <Skeleton className="h-12" />
          <Skeleton className="h-48" />
        </Loading>
      )}
    </div>
  );
}

function Shown({ projectId, run }: { readonly projectId: string; readonly run: Run }) {
  const decisions = useDecisions(projectId, run.id);
  const [edited, setEdited] = useState<string>();
  const [editing, setEditing] = useState(false);
  // What an approval was refused for is about another text now.
  const setText = (next: string | undefined) => {
    setEdited(next);
    decisions.approve.reset();
  };
  const text = run.status === "waiting" ? (edited ?? run.text ?? "") : (run.text ?? "");
  const decides = useMay("answer");
  const { label, tone } = STATUS[isDue(run) ? "publishing" : run.status];
  return (
    <>
      <header className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b bg-surface px-4 py-2">
        <div className="min-w-0 flex-1 basis-40">
          <h2 dir="auto" title={run.pipelineName} className="truncate font-semibold text-lead">
            {run.pipelineName || run.pipelineId}
          </h2>
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-dense text-text-2">
            <span role="status">
              <Badge tone={tone}>{label}</Badge>
            </span>
            <span>
              {run.trigger === "schedule" ? t("By its schedule") : t("Started by hand")}{" "}
              <Time at={run.createdAt} />
            </span>
            {run.round > 1 && <span>{t("Written %{round} times", { round: run.round })}</span>}
          </p>
        </div>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto">
        <div className="mx-auto flex max-w-3xl flex-col gap-4 p-4">
          <Outcome run={run} />
          {run.text !== null && (
            <>
              {decides && run.status === "waiting" && (
                <PostText run={run} text={text} editing={editing} onEditing={setEditing} onText={setText} />
              )}
              <Previews run={run} text={text} refused={decisions.approve.error} />
            </>
          )}
        </div>
      </div>
      {decides && (
        <Deciding
          run={run}
          decisions={decisions}
          text={text === run.text ? null : text}
          onEdit={() => setEditing(true)}
        />
      )}
    </>
  );
}

import { api, sent } from "@client/api";
import { useMay } from "@dashboard/data/roles";
import { type Run, runsKey, runsQuery } from "@dashboard/data/runs";
import { targetName } from "@dashboard/data/targets";
import { useWaiting } from "@dashboard/live/waiting";
import { Choice, useEach } from "@dashboard/work-list/chosen";
import { RowText, rowClass } from "@dashboard/work-list/list";
import { NotePopover } from "@dashboard/work-list/note-popover";
import type { Choices } from "@dashboard/work-list/use-work";
import { WorkPane } from "@dashboard/work-list/work-pane";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { cx } from "@ui/cx";
import { EmptyState } from "@ui/states";
import { count, Time } from "@ui/time";
import { t } from "@ui/words";
import { Megaphone } from "lucide-react";
import { useState } from "react";
import { route, SHELVES, type Shelf } from "./route";
import { listed, moment, SHELF, STATUS } from "./words";

interface ShelvesProps {
  readonly projectId: string;
  readonly show: Shelf;
  readonly opened: string | undefined;
}

const idOf = (run: Run) => run.id;
const textOf = (run: Run) =>
  [
    run.pipelineName,
    run.text,
    run.problem,
    run.note,
    ...run.targets.map(each => targetName(each.connector)),
  ].join(" ");

/** The runs by what became of them, and those of one kind. */
export function Shelves({ projectId, show, opened }: ShelvesProps) {
  const { find = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const pages = useInfiniteQuery(runsQuery(projectId, show === "all" ? undefined : show));
  const waiting = useWaiting(state => state.outbound);
  const items = pages.data?.pages.flatMap(page => page.runs) ?? [];
  const decides = useMay("answer") && show === "waiting";
  return (
    <>
      <nav aria-label={t("Kinds of posts")} className="shrink-0 border-line border-b p-2">
        <ul className="flex flex-wrap gap-1">
          {SHELVES.map(value => (
            <li key={value}>
              <Link
                from={route.fullPath}
                to="."
                params={before => before}
                search={before => ({ show: value === "waiting" ? undefined : value, find: before.find })}
                aria-current={value === show ? "true" : undefined}
                className={cx(
                  "flex h-7 items-center gap-1 rounded-control px-2 text-dense hover:bg-hover coarse:h-10",
                  value === show ? "bg-hover font-medium text-text" : "text-text-2",
                )}
              >
                {SHELF[value].label}
                {value === "waiting" && waiting > 0 && (
                  <span className="text-accent-text tabular-nums">{count(waiting)}</span>
                )}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <WorkPane
        what="post"
        many={t("posts")}
        label={t("Posts")}
        group={t("Approvals")}
        list={show}
        pages={pages}
        items={items}
        idOf={idOf}
        textOf={textOf}
        opened={opened}
        chooses={decides}
        find={find}
        onFind={next =>
          void navigate({
            params: before => before,
            search: before => ({ ...before, find: next || undefined }),
            replace: true,
          })
        }
        onOpen={run => void navigate({ params: { projectId, run }, search: before => before })}
        together={work => <Together projectId={projectId} work={work} />}
        row={(run, work) => <Row run={run} opened={run.id === opened} work={decides ? work : undefined} />}
        none={t("No post here has “%{find}” in it.", { find })}
      >
        <Nothing projectId={projectId} show={show} />
      </WorkPane>
    </>
  );
}

/** What is decided about several posts: a no with one reason. Each yes is given by itself, after a look. */
function Together({ projectId, work }: { readonly projectId: string; readonly work: Choices }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const reject = useEach(
    (runId, note: string) =>
      sent(
        api.POST("/api/v1/projects/{projectId}/runs/{runId}/reject", {
          params: { path: { projectId, runId } },
          body: { note },
        }),
      ),
    { what: "post", done: "rejected" },
    () => {
      work.clear();
      void client.invalidateQueries({ queryKey: runsKey(projectId) });
    },
  );
  return (
    <NotePopover
      open={open}
      onOpenChange={setOpen}
      title={t("Reject these posts")}
      label={t("Why")}
      hint={t("It is kept with each run.")}
      act={t("Reject posts")}
      required
      busy={reject.isPending}
      error={reject.error?.message}
      onSend={(note, done) => reject.mutate({ ids: work.chosen, value: note }, { onSuccess: done })}
      trigger={
        <Button dense look="danger">
          {t("Reject")}
        </Button>
      }
    />
  );
}

function Nothing({ projectId, show }: { readonly projectId: string; readonly show: Shelf }) {
  return (
    <EmptyState
      icon={Megaphone}
      title={SHELF[show].empty}
      actions={
        show === "waiting" && (
          <Link
            to="/p/$projectId/build/{-$workflow}"
            params={{ projectId, workflow: "pipelines" }}
            className={buttonClass("primary")}
          >
            {t("Show pipelines")}
          </Link>
        )
      }
    >
      {show === "waiting" &&
        t(
          "A pipeline writes on its schedule, or when you start a run. What it wrote comes here and goes nowhere before somebody says yes.",
        )}
    </EmptyState>
  );
}

interface RowProps {
  readonly run: Run;
  readonly opened: boolean;
  readonly work: Choices | undefined;
}

function Row({ run, opened, work }: RowProps) {
  const { label, tone } = STATUS[run.status];
  const name = run.pipelineName || run.pipelineId;
  return (
    <>
      <Link
        from={route.fullPath}
        to="."
        params={before => ({ ...before, run: run.id })}
        search={before => before}
        aria-current={opened || undefined}
        className={rowClass(opened, work?.chosen.includes(run.id) ?? false)}
      >
        <RowText name={name} at={<Time at={run.createdAt} />} text={run.text || run.problem || "–"}>
          <Badge tone={tone}>
            {run.status === "scheduled" && run.publishAt
              ? t("Goes out %{moment}", { moment: moment(run.publishAt) })
              : label}
          </Badge>
          {run.problems.length > 0 && <Badge tone="bad">{t("Cannot go out as it is")}</Badge>}
          {listed(run.targets.map(each => targetName(each.connector)))}
        </RowText>
      </Link>
      {work && <Choice id={run.id} name={`${name}: ${run.text?.slice(0, 60) ?? ""}`} work={work} />}
    </>
  );
}

import { type Counted, type FunnelStep, funnelQuery, type Range } from "@dashboard/data/analytics";
import { documentQuery } from "@dashboard/data/projects";
import { titleOf } from "@dashboard/editing/flow";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { type Column, Table } from "@ui/table";
import { count, counted as inWords } from "@ui/time";
import { t } from "@ui/words";
import { useMemo } from "react";
import { Part } from "./part";

interface Place {
  readonly workflowId: string;
  /** Left out: the workflow itself. */
  readonly stepId?: string;
}
type NameOf = (place: Place) => string;

/** Steps and workflows by the names that they have in the draft; others by their ids. */
export function useStepNames(projectId: string): NameOf {
  const { data } = useQuery(documentQuery(projectId));
  const names = useMemo(() => {
    const found = new Map<string, string>();
    for (const workflow of data?.document.workflows ?? []) {
      found.set(workflow.id, workflow.name || workflow.id);
      for (const step of workflow.steps ?? []) {
        found.set(`${workflow.id}/${step.id}`, step.name || titleOf(step.type));
      }
    }
    return found;
  }, [data]);
  return ({ workflowId, stepId }) =>
    stepId === undefined
      ? (names.get(workflowId) ?? workflowId)
      : (names.get(`${workflowId}/${stepId}`) ?? stepId);
}

const PATHS = 5;

/** Where the most dropped off, of at least one step; of several alike the one that most came by. */
const mostLeft = (steps: readonly FunnelStep[]) =>
  steps.reduce((most, each) => (each.droppedOff > most.droppedOff ? each : most));

interface FunnelProps {
  readonly projectId: string;
  readonly counted: Counted;
  readonly range: Range;
}

/** Where conversations come by, and where they stay. */
export function Funnel({ projectId, counted, range }: FunnelProps) {
  const funnel = useQuery(funnelQuery(projectId, counted));
  const nameOf = useStepNames(projectId);
  return (
    <Part
      title={t("Where people stay")}
      hint={t("A conversation dropped off at the step that asked and got no answer.")}
      what={t("steps")}
      query={funnel}
    >
      {({ steps, paths, truncated, conversations }) =>
        steps.length === 0 ? (
          <p className="text-body text-text-2">{t("No conversation came by a step in this time.")}</p>
        ) : (
          <>
            {truncated && (
              <p className="text-dense text-text-2">
                {t("Of the %{conversations} most recent conversations.", {
                  conversations: count(conversations),
                })}
              </p>
            )}
            <Link
              to="/p/$projectId/build/{-$workflow}"
              params={{ projectId, workflow: mostLeft(steps).workflowId }}
              search={{ funnel: range }}
              className={`${buttonClass()} self-start`}
            >
              {t("Show on the canvas")}
            </Link>
            <Table
              label={t("Steps")}
              rows={steps}
              columns={columns(projectId, nameOf)}
              rowKey={each => `${each.workflowId}/${each.stepId}`}
            />
            <h3 className="font-medium text-body">{t("Most frequent ways")}</h3>
            <ol className="flex flex-col gap-2 text-dense">
              {paths.slice(0, PATHS).map(path => (
                <li key={path.steps.map(each => `${each.workflowId}/${each.stepId}`).join(" ")}>
                  <span className="font-medium tabular-nums">
                    {inWords(path.conversations, "conversation")}
                  </span>
                  <span className="block break-words text-text-2" dir="auto">
                    {path.steps.map(nameOf).join(" → ")}
                  </span>
                </li>
              ))}
            </ol>
          </>
        )
      }
    </Part>
  );
}

const columns = (projectId: string, nameOf: NameOf): Column<FunnelStep>[] => [
  {
    id: "step",
    title: t("Step"),
    cell: each => (
      <Link
        to="/p/$projectId/build/{-$workflow}"
        params={{ projectId, workflow: each.workflowId }}
        search={{ step: each.stepId }}
        title={`${each.workflowId}/${each.stepId}`}
        dir="auto"
        className="block truncate rounded-tag py-1 font-medium"
      >
        {nameOf(each)}
        <span className="ms-2 font-normal text-text-3">{nameOf({ workflowId: each.workflowId })}</span>
      </Link>
    ),
  },
  {
    id: "ports",
    title: t("Went on by"),
    minor: true,
    cell: each => (
      <span className="text-text-2">
        {each.ports.map(({ port, count: times }) => `${port} ${count(times)}`).join(" · ") || "–"}
      </span>
    ),
  },
  {
    id: "conversations",
    title: t("Conversations"),
    width: "104px",
    align: "end",
    cell: each => count(each.conversations),
  },
  {
    id: "dropped",
    title: t("Dropped off"),
    width: "128px",
    align: "end",
    cell: each =>
      each.droppedOff > 0 ? (
        <span className="flex items-center justify-end gap-2">
          <span className="tabular-nums">
            {count(each.droppedOff)} · {Math.round(each.dropOff * 100)} %
          </span>
          <meter
            aria-hidden="true"
            min={0}
            max={1}
            value={each.dropOff}
            className="bar w-8 shrink-0 max-sm:hidden"
          />
        </span>
      ) : (
        <span className="text-text-3">–</span>
      ),
  },
];

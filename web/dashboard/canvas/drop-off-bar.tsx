import { funnelQuery, periods, RANGE_OPTIONS, type Range } from "@dashboard/data/analytics";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass, IconButton } from "@ui/button";
import { Select } from "@ui/select";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { nameOf, type Workflow } from "../editing/flow";
import type { DropOffsProps } from "./drop-offs";

export interface DropOffBarProps extends DropOffsProps {
  readonly onRange: (range: Range | undefined) => void;
  readonly onShow: (stepId: string) => void;
}

/** Says of what the marks on the steps are, and leads to the step at which most stayed. */
export default function DropOffBar({ projectId, workflow, range, onRange, onShow }: DropOffBarProps) {
  const { data, isError } = useQuery(funnelQuery(projectId, periods(range).now));
  const worst = worstOf(workflow, data?.steps ?? []);
  return (
    <section
      aria-label={t("Where people stay")}
      className="flex min-h-10 shrink-0 flex-wrap items-center gap-2 border-line border-b bg-surface px-3 py-1 text-dense"
    >
      <p role="status" className="min-w-0 flex-1 truncate text-text-2">
        {isError
          ? t("Could not load where people stay. The flow is as it was.")
          : data && said(data.conversations, data.truncated, worst !== undefined)}
      </p>
      {worst && (
        <Button dense onClick={() => onShow(worst.id)}>
          {t("Most: %{worst}", { worst: nameOf(worst) })}
        </Button>
      )}
      <Select
        dense
        label={t("Time")}
        className="max-w-36"
        value={range}
        options={RANGE_OPTIONS}
        onChange={onRange}
      />
      <Link
        to="/p/$projectId/analytics"
        params={{ projectId }}
        search={{ range }}
        className={buttonClass("secondary", true)}
      >
        {t("As a table")}
      </Link>
      <IconButton dense icon={X} label={t("Hide where people stay")} onClick={() => onRange(undefined)} />
    </section>
  );
}

function said(conversations: number, truncated: boolean, dropped: boolean): string {
  if (conversations === 0) return t("No conversation came by a step in this time.");
  const of = truncated
    ? t("The %{conversations}", { conversations: counted(conversations, "most recent conversation") })
    : counted(conversations, "conversation");
  return t("%{of}: how many came by each step%{value}.", {
    of,
    value: dropped ? t(", and how many dropped off there") : t(". Nobody dropped off in this workflow"),
  });
}

interface Came {
  readonly workflowId: string;
  readonly stepId: string;
  readonly droppedOff: number;
}

function worstOf(workflow: Workflow, steps: readonly Came[]) {
  const here = steps.filter(each => each.workflowId === workflow.id && each.droppedOff > 0);
  const [most] = here.sort((one, other) => other.droppedOff - one.droppedOff);
  return most && workflow.steps.find(each => each.id === most.stepId);
}

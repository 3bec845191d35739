import type { Turn } from "@client/traces";
import { useQuery } from "@tanstack/react-query";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { type ReactNode, useMemo, useRef, useState } from "react";
import { documentQuery } from "../data/projects";
import { useStepTypes } from "../data/schema";
import type { Step } from "../editing/flow";
import { PersonalProvider, usePersonalIn } from "./personal";
import { isBad, placeOf, TraceRow } from "./trace-row";
import { axisOf, type Row, rowsOf } from "./trace-tree";
import { useCalls, useSeen, type Whose } from "./use-calls";

const FILTERS = [
  { value: "all", label: t("All") },
  { value: "model", label: t("Model") },
  { value: "tools", label: t("Tools") },
  { value: "errors", label: t("Errors") },
] as const;
type Filter = (typeof FILTERS)[number]["value"];

const OF: Readonly<Record<Filter, (row: Row) => boolean>> = {
  all: () => true,
  model: ({ kind, call, trace }) =>
    kind === "model" ||
    call?.kind === "search" ||
    trace?.type === "knowledge" ||
    trace?.type === "completion-start",
  tools: ({ kind, trace }) => kind === "tool" || kind === "call" || trace?.type === "approval",
  errors: isBad,
};

export interface TraceListProps {
  readonly turns: readonly Turn[];
  /** Whose turns they are: then calls of models and of the world are shown too. */
  readonly whose?: Whose | undefined;
  /** What the variables are now: what is personal of it is hidden. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** Shows the step on the canvas. */
  readonly onStep?: (workflowId: string, stepId: string) => void;
  /** What can be done with a turn, beside its number. */
  readonly actions?: (turnId: string, number: number) => ReactNode;
}

/** Every turn with what happened in it, nested, on one axis of time; a row that is opened tells all. */
export function TraceList({ turns, whose, variables, onStep, actions }: TraceListProps) {
  const [filter, setFilter] = useState<Filter>("all");
  const personal = usePersonalIn(whose, turns, variables);
  const steps = useSteps(whose);
  if (turns.length === 0) {
    return (
      <p className="p-4 text-dense text-text-2">
        {t("What happens in each turn shows here once you talk to the agent.")}
      </p>
    );
  }
  return (
    <div className="@container flex flex-col gap-3 p-3">
      <Select
        dense
        label={t("Show")}
        className="max-w-32"
        value={filter}
        onChange={setFilter}
        options={FILTERS}
      />
      <PersonalProvider value={personal}>
        {turns.map((turn, index) => (
          <TurnRows
            key={turn.id}
            turn={turn}
            number={index + 1}
            whose={whose}
            steps={steps}
            filter={filter}
            onStep={onStep}
          >
            {actions?.(turn.id, index + 1)}
          </TurnRows>
        ))}
      </PersonalProvider>
    </div>
  );
}

interface TurnRowsProps extends Pick<TraceListProps, "whose" | "onStep"> {
  readonly turn: Turn;
  readonly steps: ReadonlyMap<string, Step>;
  readonly number: number;
  readonly filter: Filter;
  readonly children: ReactNode;
}

function TurnRows({ turn, steps, number, whose, filter, onStep, children }: TurnRowsProps) {
  const place = useRef<HTMLElement>(null);
  const types = useStepTypes();
  const calls = useCalls(whose, turn.id, useSeen(place) && turn.done);
  const rows = useMemo(() => rowsOf(turn, calls), [turn, calls]);
  const axis = axisOf(rows);
  const shown = filter === "all" ? rows : withSteps(rows, OF[filter]);
  return (
    <section ref={place} aria-label={t("Turn %{number}", { number })}>
      <div className="mb-1 flex min-h-7 flex-wrap items-center gap-1">
        <h3 className="flex-1 whitespace-nowrap text-caption text-text-3">
          {t("Turn %{number}", { number })}
          {turn.done && rows.length > 0 && t(" · %{round} ms", { round: Math.round(axis.to - axis.from) })}
        </h3>
        {children}
      </div>
      <ol>
        {shown.map(row => (
          <TraceRow key={row.id} row={row} axis={axis} types={types} steps={steps} onStep={onStep} />
        ))}
      </ol>
      {shown.length === 0 && filter !== "all" && (
        <p className="text-dense text-text-3">{t("Nothing of this kind in this turn.")}</p>
      )}
    </section>
  );
}

/** The steps of the draft by where they are; none where it is not to be read. */
function useSteps(whose: Whose | undefined): ReadonlyMap<string, Step> {
  const { data } = useQuery({ ...documentQuery(whose?.projectId ?? ""), enabled: whose !== undefined });
  const workflows = data?.document.workflows;
  return useMemo(
    () =>
      new Map(
        workflows?.flatMap(({ id, steps }) => steps.map(each => [placeOf(id, each.id), each] as const)),
      ),
    [workflows],
  );
}

/** The rows that are wanted, each below the step that it is of. */
function withSteps(rows: readonly Row[], wanted: (row: Row) => boolean): readonly Row[] {
  return rows.filter((row, index) => {
    if (wanted(row)) return true;
    const end = rows.findIndex((each, at) => at > index && each.depth <= row.depth);
    return rows.slice(index + 1, end < 0 ? undefined : end).some(wanted);
  });
}

import { api, type Schema, sent } from "@client/api";
import { useMay } from "@dashboard/data/roles";
import { deleteLater, useKept } from "@dashboard/delete-later";
import { queryOptions, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass, IconButton } from "@ui/button";
import { Icon } from "@ui/icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import {
  Circle,
  CircleAlert,
  CircleCheck,
  CircleSlash,
  FlaskConical,
  type LucideIcon,
  Play,
  Trash2,
} from "lucide-react";
import { useState } from "react";

type Result = Schema<"TestResult">;

const testsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "tests"],
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/tests", { params: { path: { projectId } }, signal })),
  });

export interface TestsProps {
  readonly projectId: string;
  /** What they are run on. */
  readonly versionId: string;
  readonly versionName: string;
}

/** The project's conversation tests: run on the draft or a version; a red one opens where it is first not as expected. */
export default function Tests({ projectId, versionId, versionName }: TestsProps) {
  const tests = useQuery(testsQuery(projectId));
  const edits = useMay("edit");
  const run = useMutation({
    mutationFn: (ids?: readonly string[]) =>
      sent(
        api.POST("/api/v1/projects/{projectId}/tests/run", {
          params: { path: { projectId } },
          body: { versionId, ...(ids && { ids: [...ids] }) },
        }),
      ),
    onSuccess: results =>
      setResults(now => new Map([...now, ...results.map(each => [each.id, each] as const)])),
  });
  const [results, setResults] = useState<ReadonlyMap<string, Result>>(new Map());
  const rows = useKept(tests.data);
  const client = useQueryClient();
  if (tests.isPending)
    return (
      <Loading what={t("the tests")} className="flex flex-col gap-px p-4">
        <Skeleton className="h-10" />
        <Skeleton className="h-10" />
      </Loading>
    );
  if (tests.isError)
    return (
      <ErrorState
        title={t("Could not load the tests.")}
        error={tests.error}
        onRetry={() => tests.refetch()}
      />
    );
  if (rows.length === 0)
    return (
      <EmptyState icon={FlaskConical} title={t("A test is a conversation with what has to come of it")}>
        {t(
          "Talk to the agent, then choose “Add conversation to tests” beside what you said; or add one from a transcript.",
        )}
      </EmptyState>
    );
  const told = rows.flatMap(each => results.get(each.id) ?? []);
  const red = told.filter(each => !each.ok && !each.skipped).length;
  const remove = (test: Schema<"Test">) =>
    deleteLater({
      id: test.id,
      title: t("%{value} deleted", { value: test.name || test.id }),
      send: init =>
        api.DELETE("/api/v1/projects/{projectId}/tests/{testId}", {
          params: { path: { projectId, testId: test.id } },
          ...init,
        }),
      onDone: () => client.invalidateQueries({ queryKey: ["project", projectId] }),
    });
  return (
    <div className="flex flex-col gap-3 p-4">
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-lead">{counted(rows.length, "test")}</h2>
        <p role="status" className="flex-1 text-dense text-text-2">
          {run.isPending
            ? t("Running on %{versionName}…", { versionName })
            : told.length > 0 &&
              (red > 0
                ? t("%{red} of %{told} not as expected", { red, told: told.length })
                : t("%{told} as expected", { told: told.length }))}
        </p>
        {edits && (
          <Button look="primary" icon={Play} busy={run.isPending} onClick={() => run.mutate(undefined)}>
            {t("Run all on %{versionName}", { versionName })}
          </Button>
        )}
      </header>
      <ul aria-label={t("Tests")} className="rounded-card border border-line">
        {rows.map(test => (
          <Row
            key={test.id}
            projectId={projectId}
            test={test}
            result={results.get(test.id)}
            onRun={edits && !run.isPending ? () => run.mutate([test.id]) : undefined}
            onRemove={edits ? () => remove(test) : undefined}
          />
        ))}
      </ul>
    </div>
  );
}

interface RowProps {
  readonly projectId: string;
  readonly test: Schema<"Test">;
  readonly result: Result | undefined;
  readonly onRun: (() => void) | undefined;
  readonly onRemove: (() => void) | undefined;
}

function Row({ projectId, test, result, onRun, onRemove }: RowProps) {
  const name = test.name || test.id;
  const { icon, words, className } = stateOf(result);
  return (
    <li className="border-line border-b p-2 last:border-b-0">
      <div className="flex items-center gap-2">
        <Icon of={icon} className={className} />
        <span dir="auto" className="min-w-0 flex-1 truncate font-medium text-dense" title={name}>
          {name}
        </span>
        <span className="text-caption text-text-2">
          {words} · {counted(test.turns?.length ?? 0, "turn")}
        </span>
        {onRun && <IconButton dense icon={Play} label={t("Run %{name}", { name })} onClick={onRun} />}
        {onRemove && (
          <IconButton dense icon={Trash2} label={t("Delete %{name}", { name })} onClick={onRemove} />
        )}
      </div>
      {result?.skipped && <p className="ps-6 text-caption text-text-2">{result.skipped}</p>}
      {result && !result.ok && !result.skipped && (
        <div className="flex flex-col gap-2 ps-6 pt-1">
          <p className="text-dense">
            {result.turn
              ? t("Turn %{turn} is the first that is not as expected.", { turn: result.turn })
              : t("It stopped before the first turn.")}
          </p>
          <dl className="grid grid-cols-1 gap-2 text-dense sm:grid-cols-2">
            <Side name="Expected" text={result.expected} className="bg-ok-soft text-ok" />
            <Side name="Got" text={result.got} className="bg-bad-soft text-bad" />
          </dl>
          {result.workflowId && result.stepId && (
            <Link
              to="/p/$projectId/build/{-$workflow}"
              params={{ projectId, workflow: result.workflowId }}
              search={{ step: result.stepId }}
              className={`${buttonClass("secondary", true)} self-start`}
            >
              {t("Show the step")}
            </Link>
          )}
        </div>
      )}
    </li>
  );
}

function Side({
  name,
  text,
  className,
}: {
  readonly name: string;
  readonly text?: string | null;
  readonly className: string;
}) {
  return (
    <div className={`min-w-0 rounded-control px-2 py-1 ${className}`}>
      <dt className="text-caption">{name}</dt>
      <dd dir="auto" className="whitespace-pre-wrap break-words font-mono text-caption">
        {text}
      </dd>
    </div>
  );
}

function stateOf(result: Result | undefined): { icon: LucideIcon; words: string; className: string } {
  if (!result) return { icon: Circle, words: t("Not run yet"), className: "text-text-3" };
  if (result.skipped) return { icon: CircleSlash, words: t("Not judged"), className: "text-text-3" };
  return result.ok
    ? { icon: CircleCheck, words: t("As expected"), className: "text-ok" }
    : { icon: CircleAlert, words: t("Not as expected"), className: "text-bad" };
}

import { DemoLink } from "@dashboard/frame/demo-link";
import { Button, IconButton } from "@ui/button";
import { Icon } from "@ui/icon";
import { EmptyState } from "@ui/states";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { FlaskConical, Play, Plus, Trash2 } from "lucide-react";
import { Difference, stateOf, type Told } from "./result";
import { nameOf, type Test } from "./shapes";

export interface TestListProps {
  readonly projectId: string;
  readonly tests: readonly Test[];
  readonly tellOf: (test: Test) => Told | undefined;
  readonly versionName: string;
  readonly running: boolean;
  /** `undefined`: all of them. */
  readonly onRun: (ids: readonly string[] | undefined) => void;
  readonly onOpen: (id: string) => void;
  readonly onAdd: () => void;
  readonly onRemove: (test: Test) => void;
}

/** All tests with what they came to. */
export function TestList(props: TestListProps) {
  const { tests, tellOf, versionName, running, onRun, onAdd } = props;
  const told = tests.flatMap(each => tellOf(each) ?? []).filter(each => !each.edited);
  const red = told.filter(each => !each.result.ok).length;
  return (
    <div className="flex flex-col gap-3 p-4">
      <header className="flex flex-wrap items-center gap-3">
        <h2 className="font-semibold text-lead">{counted(tests.length, "test")}</h2>
        <p role="status" className="flex-1 text-dense text-text-2">
          {running
            ? t("Running on %{versionName}…", { versionName })
            : told.length > 0 &&
              (red > 0
                ? t("%{red} of %{told} not as expected", { red, told: told.length })
                : t("%{told} as expected", { told: told.length }))}
        </p>
        <Button icon={Plus} onClick={onAdd}>
          {t("Add test")}
        </Button>
        <Button look="primary" icon={Play} busy={running} onClick={() => onRun(undefined)}>
          {t("Run all on %{versionName}", { versionName })}
        </Button>
      </header>
      <ul aria-label={t("Tests")} className="rounded-card border border-line">
        {tests.map(test => (
          <Row key={test.id} {...props} test={test} told={tellOf(test)} />
        ))}
      </ul>
    </div>
  );
}

function Row({
  projectId,
  test,
  told,
  running,
  onRun,
  onOpen,
  onRemove,
}: TestListProps & { readonly test: Test; readonly told: Told | undefined }) {
  const name = nameOf(test);
  const { icon, words, className } = stateOf(told);
  return (
    <li className="border-line border-b p-2 last:border-b-0">
      <div className="flex items-center gap-2">
        <Icon of={icon} className={className} />
        <button
          type="button"
          dir="auto"
          title={name}
          className="h-6 min-w-0 flex-1 truncate rounded-control text-start font-medium text-dense hover:text-accent-text"
          onClick={() => onOpen(test.id)}
        >
          {name}
        </button>
        <span className="text-caption text-text-2">
          {words} · {counted(test.turns?.length ?? 0, "turn")}
        </span>
        <IconButton
          dense
          icon={Play}
          label={t("Run %{name}", { name })}
          disabled={running}
          onClick={() => onRun([test.id])}
        />
        <IconButton
          dense
          icon={Trash2}
          label={t("Delete %{name}", { name })}
          onClick={() => onRemove(test)}
        />
      </div>
      {told?.result.skipped && <p className="ps-6 text-caption text-text-2">{told.result.skipped}</p>}
      {told && !told.result.ok && (
        <div className="ps-6 pt-1">
          <Difference projectId={projectId} result={told.result} />
        </div>
      )}
    </li>
  );
}

export function NoTests({ projectId, onAdd }: { readonly projectId: string; readonly onAdd: () => void }) {
  return (
    <EmptyState
      icon={FlaskConical}
      title={t("A test is a conversation with what has to come of it")}
      actions={
        <>
          <Button look="primary" icon={Plus} onClick={onAdd}>
            {t("Add test")}
          </Button>
          <DemoLink projectId={projectId} to="/p/$projectId/test" search={{ view: "tests" }} />
        </>
      }
    >
      {t(
        "Write one here; or talk to the agent and choose “Add conversation to tests” beside what you said; or add one from a transcript.",
      )}
    </EmptyState>
  );
}

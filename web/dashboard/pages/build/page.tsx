import { People } from "@dashboard/canvas/people";
import { ProblemList } from "@dashboard/canvas/problem-list";
import { type Pointed, useTogether } from "@dashboard/canvas/together";
import { useReplay } from "@dashboard/canvas/use-replay";
import { useCommands } from "@dashboard/commands";
import type { Person } from "@dashboard/data/events";
import { useMay } from "@dashboard/data/roles";
import { useAutosave } from "@dashboard/editing/autosave";
import { Clashes } from "@dashboard/editing/clashes";
import type { Editor } from "@dashboard/editing/editor";
import { type Problem, primaryOf } from "@dashboard/editing/flow";
import { SaveState } from "@dashboard/editing/save-state";
import { useEditor } from "@dashboard/editing/use-editor";
import { Page } from "@dashboard/frame/page";
import { lazyPart } from "@dashboard/lazy-part";
import { kindOf } from "@dashboard/parts/kinds";
import { type Place, placeOf } from "@dashboard/parts/place";
import { Playground } from "@dashboard/playground/playground";
import { type Talk, useConversation } from "@dashboard/playground/use-conversation";
import { ProjectError } from "@dashboard/project-error";
import { PublishButton } from "@dashboard/publish/publish-button";
import { Refused } from "@dashboard/refused";
import { Button } from "@ui/button";
import { SplitPane } from "@ui/split-pane";
import { t } from "@ui/words";
import { Play } from "lucide-react";
import { Suspense, useCallback, useState } from "react";
import { route } from "./route";
import { Waiting } from "./waiting";

// Each is loaded by whoever needs it: the canvas is heavy.
const FlowEditor = lazyPart(() => import("@dashboard/canvas/flow-editor"));
const AgentEditor = lazyPart(() => import("@dashboard/agentic/agent-editor"));
const PartsEditor = lazyPart(() => import("@dashboard/parts/parts-editor"));

export default function BuildPage() {
  const { projectId } = route.useParams();
  return useMay("read") ? (
    <Loaded projectId={projectId} />
  ) : (
    <Refused
      projectId={projectId}
      page={t("Build")}
      title={t("Looking at what is built takes the viewer role, changing it the editor role")}
    />
  );
}

function Loaded({ projectId }: { readonly projectId: string }) {
  const { editor, error, retry } = useEditor(projectId);
  if (editor) return <Build key={projectId} editor={editor} projectId={projectId} />;
  return (
    <Page title={t("Build")} fill={!error}>
      {error ? (
        <ProjectError title={t("Could not load the project.")} error={error} onRetry={retry} />
      ) : (
        <Waiting />
      )}
    </Page>
  );
}

function Build({ editor, projectId }: { readonly editor: Editor; readonly projectId: string }) {
  const { test } = route.useSearch();
  const navigate = route.useNavigate();
  const problems = editor(state => state.problems);
  const saving = editor(state => state.save.kind !== "saved");
  const refused = editor(state => (state.save.kind === "failed" ? state.save.message : undefined));
  const talk = useConversation(projectId, "development");
  const [showing, setShowing] = useState(false);
  useAutosave(editor);
  const { workflow } = route.useParams();
  const { step } = route.useSearch();
  const { people, point } = useTogether(editor, projectId, {
    workflowId: workflow ?? primaryOf(editor.getState().document)?.id,
    stepId: step,
  });
  const go = useCallback(
    ({ workflow, step, kind, tab, item }: Place, replace = false) =>
      void navigate({
        to: "/p/$projectId/build/{-$workflow}",
        params: { projectId, workflow: kind ?? workflow },
        search: ({ test, user, turn, funnel }) => ({ test, user, turn, funnel, step, tab, item }),
        replace,
      }),
    [navigate, projectId],
  );
  const edits = useMay("edit");
  const testing = edits && test === true;
  const setTesting = (open: boolean) =>
    void navigate({ to: ".", search: before => ({ ...before, test: open || undefined }), replace: true });
  const show = (problem: Problem) => {
    setShowing(false);
    if (testing) setTesting(false);
    const { document } = editor.getState();
    const place = placeOf(problem, document);
    if (place) go(place);
    const index = /^tests\[(\d+)\]/.exec(problem.path)?.[1];
    if (index !== undefined)
      void navigate({
        to: "/p/$projectId/test",
        params: { projectId },
        search: { view: "tests", item: document.tests[Number(index)]?.id },
      });
  };
  const showNext = () => {
    const now = editor.getState().problems;
    const at = now.findLastIndex(each => each.stepId === step && each.workflowId === workflow);
    const next = now[(at + 1) % now.length];
    if (next) show(next);
    else setShowing(true);
  };
  useCommands([
    {
      id: "playground",
      label: t("Test the draft"),
      group: t("Build"),
      keys: "mod+j",
      run: () => edits && setTesting(!testing),
    },
    { id: "problems", label: t("Show problems"), group: t("Build"), run: () => setShowing(true) },
  ]);
  return (
    <Page
      title={t("Build")}
      fill
      actions={
        <>
          {edits && <SaveState editor={editor} />}
          <People people={people} />
          <ProblemList problems={problems} open={showing} onOpenChange={setShowing} onShow={show} />
          {edits && (
            <Button dense icon={Play} aria-pressed={testing} onClick={() => setTesting(!testing)}>
              {t("Test")}
            </Button>
          )}
          <PublishButton dense projectId={projectId} saving={saving} refused={refused} />
        </>
      }
    >
      <div className="flex h-full min-h-0 flex-col">
        <Clashes editor={editor} />
        <div className="flex min-h-0 flex-1 flex-col">
          <Suspense fallback={<Waiting />}>
            <Shown
              editor={editor}
              projectId={projectId}
              talk={talk}
              people={people}
              onPoint={point}
              testing={testing}
              onTesting={setTesting}
              onProblem={showNext}
              onGo={go}
            />
          </Suspense>
        </div>
      </div>
    </Page>
  );
}

interface ShownProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly talk: Talk;
  readonly people: readonly Person[];
  readonly onPoint: Pointed;
  readonly testing: boolean;
  readonly onTesting: (open: boolean) => void;
  readonly onProblem: () => void;
  readonly onGo: (place: Place, replace?: boolean) => void;
}

/** What the address names: a part, a workflow, or what the project's framework begins with. */
function Shown({ onGo, onProblem, ...shared }: ShownProps) {
  const { editor, projectId, talk, testing, onTesting } = shared;
  const { workflow } = route.useParams();
  const { step, tab, item, user, turn, funnel } = route.useSearch();
  const navigate = route.useNavigate();
  const replay = useReplay(projectId, user, turn);
  const agentic = editor(state => state.document.framework === "agentic");
  const drawn = editor(state => state.document.workflows.some(each => each.id === workflow));
  const place = useCallback(
    (workflowId: string, stepId: string | undefined) =>
      onGo({ workflow: workflowId, step: stepId }, stepId === undefined),
    [onGo],
  );
  const kind = kindOf(workflow);
  if (!kind && (!agentic || drawn)) {
    return (
      <FlowEditor
        {...shared}
        workflowId={workflow ?? replay?.path[0]?.workflowId}
        stepId={step}
        onPlace={place}
        onProblem={onProblem}
        funnel={funnel}
        onFunnel={range => void navigate({ to: ".", search: before => ({ ...before, funnel: range }) })}
        replay={replay}
        onReplayEnd={() =>
          void navigate({ to: ".", search: before => ({ ...before, user: undefined, turn: undefined }) })
        }
      />
    );
  }
  return (
    <SplitPane
      id="inspector"
      label={t("Test")}
      side={
        testing ? (
          <Playground projectId={projectId} talk={talk} onClose={() => onTesting(false)} onStep={place} />
        ) : null
      }
      main={
        kind ? (
          <PartsEditor
            editor={editor}
            projectId={projectId}
            kind={kind}
            item={item}
            onKind={other => onGo({ kind: other })}
            onItem={id => onGo({ kind, item: id })}
            onPlace={onGo}
            onUse={({ workflowId, stepId, part, testId }) => {
              if (testId)
                void navigate({
                  to: "/p/$projectId/test",
                  params: { projectId },
                  search: { view: "tests", item: testId },
                });
              else onGo(part ? { kind: part.kind, item: part.id } : { workflow: workflowId, step: stepId });
            }}
          />
        ) : (
          <AgentEditor
            editor={editor}
            projectId={projectId}
            tab={tab}
            item={item}
            onTab={other => onGo({ tab: other })}
            onItem={id => onGo({ tab, item: id })}
            onPlace={onGo}
          />
        )
      }
    />
  );
}

import { FlowEditor } from "@dashboard/canvas/flow-editor";
import { ProblemList } from "@dashboard/canvas/problem-list";
import { useCommands } from "@dashboard/commands";
import { useAutosave } from "@dashboard/editing/autosave";
import type { Editor } from "@dashboard/editing/editor";
import type { Problem } from "@dashboard/editing/flow";
import { SaveState } from "@dashboard/editing/save-state";
import { useEditor } from "@dashboard/editing/use-editor";
import { Page } from "@dashboard/frame/page";
import { useConversation } from "@dashboard/playground/use-conversation";
import { Button } from "@ui/button";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { toast } from "@ui/toast";
import { Play } from "lucide-react";
import { useCallback, useState } from "react";
import { Publish } from "./publish";
import { route } from "./route";

export default function BuildPage() {
  const { projectId } = route.useParams();
  const { editor, error, retry } = useEditor(projectId);
  if (editor) return <Build key={projectId} editor={editor} projectId={projectId} />;
  return (
    <Page title="Build" fill={!error}>
      {error ? (
        <ErrorState title="Could not load the project." error={error} onRetry={retry} />
      ) : (
        <Loading what="the project">
          <Skeleton className="h-full w-full" />
        </Loading>
      )}
    </Page>
  );
}

function Build({ editor, projectId }: { readonly editor: Editor; readonly projectId: string }) {
  const { workflow } = route.useParams();
  const { step, test } = route.useSearch();
  const navigate = route.useNavigate();
  const problems = editor(state => state.problems);
  const talk = useConversation(projectId, "development");
  const [showing, setShowing] = useState(false);
  useAutosave(editor, toast);
  const place = useCallback(
    (workflowId: string, stepId: string | undefined) =>
      void navigate({
        to: "/p/$projectId/build/{-$workflow}",
        params: { projectId, workflow: workflowId },
        search: before => ({ ...before, step: stepId }),
        replace: stepId === undefined,
      }),
    [navigate, projectId],
  );
  const testing = test === true;
  const setTesting = (open: boolean) =>
    void navigate({ to: ".", search: before => ({ ...before, test: open || undefined }), replace: true });
  const show = (problem: Problem) => {
    setShowing(false);
    if (testing) setTesting(false);
    if (problem.workflowId) place(problem.workflowId, problem.stepId ?? undefined);
  };
  useCommands([
    {
      id: "playground",
      label: "Test the draft",
      group: "Build",
      keys: "mod+j",
      run: () => setTesting(!testing),
    },
    { id: "problems", label: "Show problems", group: "Build", run: () => setShowing(true) },
  ]);
  return (
    <Page
      title="Build"
      fill
      actions={
        <>
          <SaveState editor={editor} />
          <ProblemList problems={problems} open={showing} onOpenChange={setShowing} onShow={show} />
          <Button dense icon={Play} aria-pressed={testing} onClick={() => setTesting(!testing)}>
            Test
          </Button>
          <Publish projectId={projectId} editor={editor} />
        </>
      }
    >
      <FlowEditor
        editor={editor}
        projectId={projectId}
        workflowId={workflow}
        stepId={step}
        onPlace={place}
        talk={talk}
        testing={testing}
        onTesting={setTesting}
        onProblems={() => setShowing(true)}
      />
    </Page>
  );
}

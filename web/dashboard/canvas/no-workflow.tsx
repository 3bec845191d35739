import { useMay } from "@dashboard/data/roles";
import { DemoLink } from "@dashboard/frame/demo-link";
import { Button } from "@ui/button";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { Workflow as WorkflowIcon } from "lucide-react";
import type { Editor } from "../editing/editor";

/** A project that has nothing drawn yet. */
export function NoWorkflow({ editor, projectId }: { readonly editor: Editor; readonly projectId: string }) {
  const edits = useMay("edit");
  return (
    <EmptyState
      icon={WorkflowIcon}
      title={t("A workflow is the path that a conversation takes")}
      actions={
        <>
          {edits && <AddFirst editor={editor} />}
          <DemoLink projectId={projectId} to="/p/$projectId/build/{-$workflow}" />
        </>
      }
    />
  );
}

function AddFirst({ editor }: { readonly editor: Editor }) {
  const edit = editor(state => state.edit);
  return (
    <Button
      look="primary"
      onClick={() =>
        edit(t("Add workflow"), now => ({
          ...now,
          workflows: [
            {
              id: "main",
              name: t("Main"),
              primary: true,
              steps: [{ id: "start", type: "start", config: {}, position: { x: 0, y: 0 } }],
              connections: [],
              notes: [],
            },
          ],
        }))
      }
    >
      {t("Add workflow")}
    </Button>
  );
}

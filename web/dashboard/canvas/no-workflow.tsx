import { useDemo } from "@dashboard/data/demo";
import { useMay } from "@dashboard/data/roles";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { Workflow as WorkflowIcon } from "lucide-react";
import type { Editor } from "../editing/editor";

/** A project that has nothing drawn yet. */
export function NoWorkflow({ editor, projectId }: { readonly editor: Editor; readonly projectId: string }) {
  const demo = useDemo(projectId);
  const edits = useMay("edit");
  return (
    <EmptyState
      icon={WorkflowIcon}
      title={t("A workflow is the path that a conversation takes")}
      actions={
        <>
          {edits && <AddFirst editor={editor} />}
          {demo && (
            <Link
              to="/p/$projectId/build/{-$workflow}"
              params={{ projectId: demo }}
              className={buttonClass()}
            >
              {t("See the demo's")}
            </Link>
          )}
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

import { type ApiError, api, sent } from "@client/api";
import { useCommands } from "@dashboard/commands";
import { versionsQuery } from "@dashboard/data/projects";
import type { Editor } from "@dashboard/editing/editor";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { toast } from "@ui/toast";
import { type FormEvent, useState } from "react";

/** Makes a version of the draft, which `production` then is. Tests run first: a red one is told, and asks for a second press. */
export function Publish({ projectId, editor }: { readonly projectId: string; readonly editor: Editor }) {
  const [open, setOpen] = useState(false);
  useCommands([
    {
      id: "publish",
      label: "Publish version",
      group: "Build",
      keys: "mod+shift+enter",
      run: () => setOpen(true),
    },
  ]);
  return (
    <>
      <Button dense look="primary" onClick={() => setOpen(true)}>
        Publish
      </Button>
      {open && <PublishDialog projectId={projectId} editor={editor} onClose={() => setOpen(false)} />}
    </>
  );
}

interface Red {
  readonly names: readonly string[];
}

function PublishDialog({
  projectId,
  editor,
  onClose,
}: {
  readonly projectId: string;
  readonly editor: Editor;
  readonly onClose: () => void;
}) {
  const [name, setName] = useState("");
  const [red, setRed] = useState<Red>();
  const client = useQueryClient();
  const errors = editor(state => state.problems).filter(each => each.severity === "error");
  const saving = editor(state => state.save.kind !== "saved");
  const tests = editor(state => state.document.tests);
  const params = { path: { projectId } };
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: async () => {
      if (!red && tests.length > 0) {
        const results = await sent(
          api.POST("/api/v1/projects/{projectId}/tests/run", { params, body: {} as never }),
        );
        const failed = (results as readonly { id: string; ok: boolean; skipped?: unknown }[]).filter(
          each => !each.ok && !each.skipped,
        );
        if (failed.length > 0) {
          setRed({ names: failed.map(each => tests.find(test => test.id === each.id)?.name ?? each.id) });
          return undefined;
        }
      }
      return sent(
        api.POST("/api/v1/projects/{projectId}/publish", {
          params,
          body: (name.trim() ? { name: name.trim() } : {}) as never,
        }),
      );
    },
    onSuccess: version => {
      if (!version) return;
      void client.invalidateQueries({ queryKey: versionsQuery(projectId).queryKey });
      toast(`Published ${(version as { name: string }).name}`);
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    publish.mutate();
  };
  const failure = publish.error as ApiError | null;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Publish version"
      description="What people talk to in production becomes this draft. Conversations that are under way finish on the version they began with."
      actions={
        <Button
          look="primary"
          type="submit"
          form="publish"
          busy={publish.isPending}
          disabled={errors.length > 0 || saving}
        >
          {red ? "Publish all the same" : "Publish version"}
        </Button>
      }
    >
      <form id="publish" onSubmit={submit} className="flex flex-col gap-3">
        <Field label="Name" hint="Left empty, it is numbered.">
          <Input
            value={name}
            maxLength={128}
            autoFocus
            dir="auto"
            onChange={event => setName(event.currentTarget.value)}
          />
        </Field>
        {errors.length > 0 && (
          <p className="text-bad text-dense">
            {errors.length === 1 ? "One error has" : `${errors.length} errors have`} to be mended first:{" "}
            {errors[0]?.message}
          </p>
        )}
        {saving && <p className="text-dense text-text-2">Waiting for the last changes to be saved.</p>}
        {red && (
          <div role="alert" className="rounded-card bg-warn-soft p-3 text-dense text-warn">
            <p className="font-medium">
              {red.names.length === 1
                ? "One conversation test is red"
                : `${red.names.length} conversation tests are red`}
            </p>
            <ul className="list-disc ps-5">
              {red.names.map(each => (
                <li key={each}>{each}</li>
              ))}
            </ul>
          </div>
        )}
        {failure && (
          <p role="alert" className="text-bad text-dense">
            {failure.message}
          </p>
        )}
      </form>
    </Dialog>
  );
}

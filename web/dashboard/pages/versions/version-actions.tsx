import { api, sent } from "@client/api";
import { useMay } from "@dashboard/data/roles";
import { saveFile } from "@dashboard/save-file";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input, Textarea } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Download, PencilLine, RotateCcw, Undo2 } from "lucide-react";
import { useState } from "react";
import type { Version } from "./timeline";

interface VersionProps {
  readonly projectId: string;
  readonly version: Version;
}

const BASE = "/api/v1/projects/{projectId}/versions/{versionId}";

/** Restore, put back, name, export. */
export function VersionActions({ projectId, version }: VersionProps) {
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const [asking, setAsking] = useState<"roll-back" | "rename">();
  const params = { path: { projectId, versionId: version.id } };
  const refresh = () => queryClient.invalidateQueries({ queryKey: ["project", projectId] });
  const restore = useMutation({
    mutationFn: () => api.POST(`${BASE}/restore`, { params }),
    onSuccess: () => {
      toast(t("%{name} is the draft now", { name: version.name }), {
        description: t("The draft before it is kept among the versions."),
      });
      return refresh();
    },
  });
  const rollBack = useMutation({
    mutationFn: () => sent(api.POST(`${BASE}/roll-back`, { params, body: {} })),
    onSuccess: made => {
      setAsking(undefined);
      toast(t("%{name} is in production", { name: made.name }));
      return refresh();
    },
  });
  const download = useMutation({
    mutationFn: () => sent(api.GET(BASE, { params })),
    onSuccess: whole => saveFile(`${version.name}.json`, JSON.stringify(whole.document, null, 2)),
  });
  return (
    <div className="flex flex-wrap gap-2">
      {edits && (
        <Button icon={Undo2} busy={restore.isPending} onClick={() => restore.mutate()}>
          {t("Restore as draft")}
        </Button>
      )}
      {edits && version.published && !version.production && (
        <Button icon={RotateCcw} onClick={() => setAsking("roll-back")}>
          {t("Put back into production")}
        </Button>
      )}
      {edits && (
        <Button icon={PencilLine} onClick={() => setAsking("rename")}>
          {t("Name and note")}
        </Button>
      )}
      <Button icon={Download} busy={download.isPending} onClick={() => download.mutate()}>
        {t("Export")}
      </Button>
      <Dialog
        open={asking === "roll-back"}
        onClose={() => setAsking(undefined)}
        title={t("Put %{name} back into production?", { name: version.name })}
        description={t(
          "It is published once more as it was, and people talk to it at once. The draft stays as it is.",
        )}
        actions={
          <>
            <Button onClick={() => setAsking(undefined)}>{t("Cancel")}</Button>
            <Button look="primary" busy={rollBack.isPending} onClick={() => rollBack.mutate()}>
              {t("Put version back")}
            </Button>
          </>
        }
      />
      {asking === "rename" && (
        <Rename
          projectId={projectId}
          version={version}
          onClose={() => setAsking(undefined)}
          onDone={refresh}
        />
      )}
    </div>
  );
}

interface RenameProps extends VersionProps {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function Rename({ projectId, version, onClose, onDone }: RenameProps) {
  const [name, setName] = useState(version.name);
  const [note, setNote] = useState(version.note ?? "");
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => {
      const params = { path: { projectId, versionId: version.id } };
      return api.PATCH(BASE, { params, body: { name: name.trim(), note } });
    },
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("Name and note")}
      act={t("Save version")}
      busy={save.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <Field label={t("Name")} error={save.error?.message}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={200} dir="auto" />
      </Field>
      <Field label={t("Note")}>
        <Textarea value={note} onChange={event => setNote(event.target.value)} rows={4} dir="auto" />
      </Field>
    </FormDialog>
  );
}

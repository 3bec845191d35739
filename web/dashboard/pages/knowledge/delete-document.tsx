import { useMay } from "@dashboard/data/roles";
import { deleteLater } from "@dashboard/delete-later";
import { useQueryClient } from "@tanstack/react-query";
import { IconButton } from "@ui/button";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { Trash2 } from "lucide-react";
import { type Doc, documentsQuery, removeDocument } from "./data";

export interface DeleteDocumentProps {
  readonly projectId: string;
  readonly removed: Doc;
  readonly onDeleted?: () => void;
}

/** Deletes at once, with ten seconds to undo it. */
export function DeleteDocument({ projectId, removed, onDeleted }: DeleteDocumentProps) {
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const remove = () => {
    const site = removed.crawl && removed.crawl.mode !== "page" ? t(", with all pages of its site") : "";
    deleteLater({
      id: removed.id,
      title: t("%{name} deleted: %{chunkCount}%{site}", {
        name: removed.name,
        chunkCount: counted(removed.chunkCount, "chunk"),
        site,
      }),
      send: init => removeDocument(projectId, removed.id, init),
      onDone: () => queryClient.invalidateQueries({ queryKey: documentsQuery(projectId).queryKey }),
    });
    onDeleted?.();
  };
  if (!edits) return null;
  return (
    <IconButton dense icon={Trash2} label={t("Delete %{name}", { name: removed.name })} onClick={remove} />
  );
}

import { documentQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useEffect, useState } from "react";
import { createEditor, type Editor } from "./editor";
import { takeRead } from "./joining";
import { recall } from "./journal";
import { equal } from "./merge";

/** One editor a project for as long as the page lives, so that undo survives going elsewhere and back. */
const editors = new Map<string, Editor>();

/** The editor of a project that was opened on this page. */
export const editorOf = (projectId: string): Editor | undefined => editors.get(projectId);

/** The editor of a project; `undefined` while its document is on the way. */
export function useEditor(projectId: string): {
  editor: Editor | undefined;
  error: Error | null;
  retry: () => void;
} {
  const client = useQueryClient();
  const readOnly = !useMay("edit");
  const { data, error, refetch } = useQuery({
    ...documentQuery(projectId),
    staleTime: 0,
    refetchOnWindowFocus: true,
  });
  const [editor, setEditor] = useState(() => editors.get(projectId));
  useEffect(() => {
    if (!data) return;
    const known = editors.get(projectId);
    if (known) {
      if (!takeRead(known, data)) {
        const { saved, etag } = known.getState();
        client.setQueryData(documentQuery(projectId).queryKey, { document: saved, etag });
      }
      setEditor(() => known);
      return;
    }
    let left = false;
    void recall(projectId).then(({ own, others }) => {
      if (left) return;
      const made = editors.get(projectId) ?? createEditor(projectId, data.document, data.etag, own);
      const lost = others.filter(each => !equal(each.document, each.saved));
      for (const each of lost) made.getState().adopt(each);
      if (lost.length > 0) toast(t("Changes of a page that was closed are taken in"));
      editors.set(projectId, made);
      setEditor(() => made);
    });
    return () => {
      left = true;
    };
  }, [client, data, projectId]);
  useEffect(() => editor?.setState({ readOnly }), [editor, readOnly]);
  useEffect(() => {
    if (!editor) return;
    // Other pages see what was saved.
    return editor.subscribe((state, before) => {
      if (state.etag !== before.etag) {
        client.setQueryData(documentQuery(projectId).queryKey, { document: state.saved, etag: state.etag });
        void client.invalidateQueries({ queryKey: ["project", projectId, "problems"] });
      }
    });
  }, [editor, client, projectId]);
  return { editor, error: editor ? null : error, retry: () => void refetch() };
}

import { api } from "@client/api";
import { asGiven } from "@dashboard/data/filled";
import { documentQuery, type ListedProject, projectsQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { deleteLater } from "@dashboard/delete-later";
import { saveFile } from "@dashboard/save-file";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { IconButton } from "@ui/button";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { CopyPlus, Download, Ellipsis, Trash2 } from "lucide-react";

/** What can be done with a project as a whole. */
export function ProjectMenu({ project }: { readonly project: ListedProject }) {
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const owns = useMay("own");
  const reads = useMay("read");
  const refresh = () => queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
  const read = async () => asGiven((await queryClient.fetchQuery(documentQuery(project.id))).document);
  const download = useMutation({
    mutationFn: async () => saveFile(`${project.slug}.json`, JSON.stringify(await read(), null, 2)),
  });
  const duplicate = useMutation({
    mutationFn: async () => {
      const document = await read();
      const body = {
        ...document,
        name: t("%{name} (copy)", { name: project.name }).slice(0, 200),
        slug: undefined,
      };
      const params = { query: { duplicateOf: project.id } };
      // The API describes an export as any object.
      await api.POST("/api/v1/projects/import", { params, body: body as never });
    },
    onSuccess: () => {
      toast(t("%{name} duplicated", { name: project.name }));
      return refresh();
    },
  });
  const remove = () =>
    deleteLater({
      id: project.id,
      title: t("%{name} deleted, with its conversations, documents and keys", { name: project.name }),
      send: init => {
        const params = { path: { projectId: project.id } };
        return api.DELETE("/api/v1/projects/{projectId}", { params, ...init });
      },
      onDone: refresh,
    });
  if (!reads) return null;
  return (
    <Menu trigger={<IconButton icon={Ellipsis} label={t("More for %{name}", { name: project.name })} />}>
      {edits && (
        <MenuItem icon={CopyPlus} onSelect={() => duplicate.mutate()}>
          {t("Duplicate")}
        </MenuItem>
      )}
      <MenuItem icon={Download} onSelect={() => download.mutate()}>
        {t("Export as JSON")}
      </MenuItem>
      {owns && <MenuLine />}
      {owns && (
        <MenuItem icon={Trash2} danger onSelect={remove}>
          {t("Delete project")}
        </MenuItem>
      )}
    </Menu>
  );
}

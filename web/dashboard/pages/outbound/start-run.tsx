import { documentQuery } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { Menu, MenuItem } from "@ui/menu";
import { t } from "@ui/words";
import { Play } from "lucide-react";
import { useStart } from "./acts";
import { route } from "./route";

/** Has a pipeline write now, whatever its schedule says. */
export function StartRun({ projectId }: { readonly projectId: string }) {
  const edits = useMay("edit");
  const draft = useQuery({ ...documentQuery(projectId), enabled: edits });
  const navigate = route.useNavigate();
  const start = useStart(projectId);
  const pipelines = draft.data?.document.pipelines ?? [];
  if (!edits || pipelines.length === 0) return null;
  const begin = (pipelineId: string) =>
    start.mutate(pipelineId, {
      onSuccess: run => navigate({ params: { projectId, run: run.id }, search: { show: "all" } }),
    });
  const words = (
    <>
      {!start.isPending && <Icon of={Play} />}
      <span className="max-sm:sr-only">{t("Start run")}</span>
    </>
  );
  const [only] = pipelines;
  if (only && pipelines.length === 1) {
    return (
      <Button look="primary" busy={start.isPending} onClick={() => begin(only.id)}>
        {words}
      </Button>
    );
  }
  return (
    <Menu
      trigger={
        <Button look="primary" busy={start.isPending}>
          {words}
        </Button>
      }
    >
      {pipelines.map(each => (
        <MenuItem key={each.id} onSelect={() => begin(each.id)}>
          {each.name || each.id}
        </MenuItem>
      ))}
    </Menu>
  );
}

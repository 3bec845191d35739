import { DropZone } from "@dashboard/drop-zone";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { route } from "./route";
import { useImport } from "./use-import";

/** An export may be dropped anywhere on the page. */
export function DropAnywhere() {
  const navigate = route.useNavigate();
  const { take } = useImport();
  const drop = ([file]: File[]) => {
    if (!file) return;
    navigate({ search: before => ({ ...before, new: "import" }) });
    take(file, { onError: error => toast(error.message, { bad: true }) });
  };
  return <DropZone label={t("Drop to import")} onDrop={drop} />;
}

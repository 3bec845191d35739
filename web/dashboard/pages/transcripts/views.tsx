import type { Preset } from "@dashboard/data/presets";
import { PresetMenu } from "@dashboard/parts/preset-menu";
import { Button } from "@ui/button";
import { t } from "@ui/words";
import { Bookmark } from "lucide-react";
import { route, type TranscriptFilters } from "./route";

/** Filters by a name, for everybody of the project. */
export function Views({ filters }: { readonly filters: TranscriptFilters }) {
  const { projectId } = route.useParams();
  const navigate = route.useNavigate();
  const set = Object.entries(filters).filter(([, value]) => value);
  return (
    <PresetMenu
      projectId={projectId}
      kind="transcripts"
      title={t("Saved views")}
      one={t("view")}
      trigger={
        <Button dense look="quiet" icon={Bookmark}>
          {t("Views")}
        </Button>
      }
      content={set.length > 0 ? (Object.fromEntries(set) as Preset["content"]) : undefined}
      onChoose={({ content }) => void navigate({ search: content as TranscriptFilters })}
    />
  );
}

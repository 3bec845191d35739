import { transcriptQuery } from "@dashboard/data/turns";
import { Page } from "@dashboard/frame/page";
import { useQuery } from "@tanstack/react-query";
import { t } from "@ui/words";
import { Filters } from "./filters";
import { List } from "./list";
import { route } from "./route";
import { TranscriptView } from "./transcript-view";

/** What was said: all conversations that the filters leave, or one of them with its traces. */
export default function TranscriptsPage() {
  const { projectId, transcriptId } = route.useParams();
  const opened = useQuery({
    ...transcriptQuery(projectId, transcriptId ?? ""),
    enabled: Boolean(transcriptId),
  });
  return (
    <Page
      fill={Boolean(transcriptId)}
      title={t("Transcripts")}
      api={`/api/v1/projects/${projectId}/transcripts${transcriptId ? `/${transcriptId}` : ""}`}
      item={transcriptId && (opened.data?.userId ?? t("Transcript"))}
    >
      {transcriptId ? (
        <TranscriptView projectId={projectId} transcriptId={transcriptId} />
      ) : (
        <div className="flex flex-col gap-4">
          <h2 className="sr-only">{t("All transcripts")}</h2>
          <Filters />
          <List projectId={projectId} />
        </div>
      )}
    </Page>
  );
}

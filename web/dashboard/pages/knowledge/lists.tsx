import { useQuery } from "@tanstack/react-query";
import { Badge } from "@ui/badge";
import { Tabs } from "@ui/tabs";
import { count } from "@ui/time";
import { t } from "@ui/words";
import { documentsQuery, gapsQuery } from "./data";
import { Documents } from "./documents";
import { Gaps } from "./gaps";
import { route } from "./route";

/** The documents, and the questions that they do not answer. */
export function Lists({
  projectId,
  onUpload,
}: {
  readonly projectId: string;
  readonly onUpload: () => void;
}) {
  const { tab = "documents" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: documents } = useQuery(documentsQuery(projectId));
  const { data: gaps } = useQuery(gapsQuery(projectId));
  return (
    <div className="mx-auto flex w-full max-w-5xl flex-col gap-4 px-4 py-4 md:px-6">
      <Tabs<"documents" | "gaps">
        label={t("Knowledge")}
        value={tab}
        onChange={next =>
          navigate({ search: before => ({ ...before, tab: next === "gaps" ? next : undefined }) })
        }
        tabs={[
          {
            value: "documents",
            label: (
              <>
                {t("Documents")} {documents && documents.total > 0 && <Badge>{count(documents.total)}</Badge>}
              </>
            ),
            content: <Documents projectId={projectId} onUpload={onUpload} />,
          },
          {
            value: "gaps",
            label: (
              <>
                {t("Unanswered")} {gaps && gaps.length > 0 && <Badge tone="warn">{count(gaps.length)}</Badge>}
              </>
            ),
            content: <Gaps projectId={projectId} />,
          },
        ]}
      />
    </div>
  );
}

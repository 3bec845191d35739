import { useMay } from "@dashboard/data/roles";
import { DropZone } from "@dashboard/drop-zone";
import { Page } from "@dashboard/frame/page";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { Menu, MenuItem } from "@ui/menu";
import { SplitPane } from "@ui/split-pane";
import { t } from "@ui/words";
import { FileUp, Globe, Plus, ScanSearch, TextCursorInput } from "lucide-react";
import { useRef } from "react";
import { AddPage } from "./add-page";
import { AddText } from "./add-text";
import { documentsQuery } from "./data";
import { DocumentView } from "./document-view";
import { Lists } from "./lists";
import { route } from "./route";
import { TrySearch } from "./try-search";
import { UploadBar } from "./upload-bar";
import { upload } from "./uploads";

/** What the agent may answer from: documents, what is not answered yet, and a bench to try questions on. */
export default function KnowledgePage() {
  const { projectId, documentId } = route.useParams();
  const { add, ask } = route.useSearch();
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const input = useRef<HTMLInputElement>(null);
  const { data } = useQuery(documentsQuery(projectId));
  const opened = data?.documents.find(each => each.id === documentId);
  const refresh = async () => {
    const { queryKey } = documentsQuery(projectId);
    // A first look that is still on its way would answer without what has just come in.
    await queryClient.cancelQueries({ queryKey });
    await queryClient.invalidateQueries({ queryKey });
  };
  const take = (files: Iterable<File>) => upload(projectId, files, refresh);
  const setAdd = (next: "text" | "web" | undefined) =>
    navigate({ search: before => ({ ...before, add: next }) });
  const setAsk = (next: string | undefined) =>
    navigate({ search: before => ({ ...before, ask: next }), replace: next !== undefined });
  return (
    <Page
      fill
      title={t("Knowledge")}
      api={`/api/v1/projects/${projectId}/knowledge-base${documentId ? `/${documentId}` : ""}`}
      item={documentId && (opened?.name ?? t("Document"))}
      actions={
        <>
          <Button aria-pressed={ask !== undefined} onClick={() => setAsk(ask === undefined ? "" : undefined)}>
            <Icon of={ScanSearch} />
            <span className="max-sm:sr-only">{t("Try search")}</span>
          </Button>
          {edits && (
            <Menu
              trigger={
                <Button look="primary">
                  <Icon of={Plus} />
                  <span className="max-sm:sr-only">{t("Add documents")}</span>
                </Button>
              }
            >
              <MenuItem icon={FileUp} onSelect={() => input.current?.click()}>
                {t("Upload files")}
              </MenuItem>
              <MenuItem icon={Globe} onSelect={() => setAdd("web")}>
                {t("Read a page or a site")}
              </MenuItem>
              <MenuItem icon={TextCursorInput} onSelect={() => setAdd("text")}>
                {t("Write a text")}
              </MenuItem>
            </Menu>
          )}
        </>
      }
    >
      {edits && (
        <input
          ref={input}
          type="file"
          multiple
          tabIndex={-1}
          className="sr-only"
          aria-label={t("Files to add")}
          onChange={event => {
            take([...(event.target.files ?? [])]);
            event.target.value = "";
          }}
        />
      )}
      <SplitPane
        id="knowledge"
        label={t("Try search")}
        main={
          <>
            <UploadBar projectId={projectId} />
            {documentId ? (
              <DocumentView projectId={projectId} documentId={documentId} />
            ) : (
              <Lists projectId={projectId} onUpload={() => input.current?.click()} />
            )}
          </>
        }
        side={ask === undefined ? null : <TrySearch projectId={projectId} ask={ask} onAsk={setAsk} />}
      />
      <AddText
        key={add === "text" ? ask : undefined}
        projectId={projectId}
        open={edits && add === "text"}
        question={ask || undefined}
        onClose={() => setAdd(undefined)}
        onAdded={refresh}
      />
      <AddPage
        projectId={projectId}
        open={edits && add === "web"}
        onClose={() => setAdd(undefined)}
        onAdded={refresh}
      />
      {edits && <DropZone label={t("Drop to add")} onDrop={take} />}
    </Page>
  );
}

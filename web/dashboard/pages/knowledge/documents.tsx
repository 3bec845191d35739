import { useMay } from "@dashboard/data/roles";
import { useKept } from "@dashboard/delete-later";
import { DemoLink } from "@dashboard/frame/demo-link";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button } from "@ui/button";
import { cx } from "@ui/cx";
import { Field, Input } from "@ui/field";
import { EmptyState, ErrorState, Loading, SkeletonRows } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { bytes, count, Time } from "@ui/time";
import { t } from "@ui/words";
import { BookOpen, FileUp } from "lucide-react";
import { type Doc, documentsQuery } from "./data";
import { DeleteDocument } from "./delete-document";
import { route } from "./route";

const SEARCH_FROM = 8;

export function Documents({
  projectId,
  onUpload,
}: {
  readonly projectId: string;
  readonly onUpload: () => void;
}) {
  const { find = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const edits = useMay("edit");
  const documents = useQuery(documentsQuery(projectId));
  const kept = useKept(documents.data?.documents);
  const found = kept.filter(each =>
    `${each.name} ${each.url ?? ""}`.toLowerCase().includes(find.toLowerCase()),
  );
  const setFind = (text: string) =>
    navigate({ search: before => ({ ...before, find: text || undefined }), replace: true });
  if (documents.isPending) {
    return (
      <Loading what={t("documents")}>
        <Table label={t("Documents")} rows={[]} columns={columns(projectId)} rowKey={each => each.id} />
        <SkeletonRows rows={5} />
      </Loading>
    );
  }
  if (documents.isError) {
    return (
      <ErrorState
        title={t("Could not load the documents.")}
        error={documents.error}
        onRetry={() => documents.refetch()}
      />
    );
  }
  if (kept.length === 0) {
    return (
      <EmptyState
        icon={BookOpen}
        title={t("Documents are what the agent answers from, with the source beside the answer")}
        actions={
          <>
            {edits && (
              <Button look="primary" icon={FileUp} onClick={onUpload}>
                {t("Upload files")}
              </Button>
            )}
            <DemoLink projectId={projectId} to="/p/$projectId/knowledge/{-$documentId}" />
          </>
        }
      >
        {edits
          ? t(
              "Drop files anywhere here: PDF, Word, PowerPoint, Excel, HTML, Markdown, CSV, JSON or text, up to 50 MB each. Or add the address of a page or a whole site.",
            )
          : t("There is none yet. Owners and editors add them.")}
      </EmptyState>
    );
  }
  const { embedding } = documents.data;
  return (
    <div className="flex flex-col gap-3">
      {embedding && (
        <p role="status" className="text-dense text-text-2">
          {t("Vectors of %{model} are being made: %{progress} %. Searches use the old ones till then.", {
            model: embedding.model,
            progress: embedding.progress,
          })}
        </p>
      )}
      {kept.length >= SEARCH_FROM && (
        <Field label={t("Find a document")} hideLabel className="max-w-xs">
          <Input
            type="search"
            placeholder={t("Find a document")}
            value={find}
            onChange={event => setFind(event.target.value)}
          />
        </Field>
      )}
      {found.length > 0 ? (
        <Table
          label={t("Documents")}
          rows={found}
          columns={columns(projectId)}
          rowKey={each => each.id}
          onOpen={each => navigate({ params: { projectId, documentId: each.id }, search: before => before })}
        />
      ) : (
        <p className="text-text-2">{t("No document is called “%{find}”.", { find })}</p>
      )}
    </div>
  );
}

const columns = (projectId: string): Column<Doc>[] => [
  {
    id: "name",
    title: t("Name"),
    cell: each => (
      <span className="flex items-center gap-2">
        <Link
          from={route.fullPath}
          to="."
          params={{ projectId, documentId: each.id }}
          search={before => before}
          title={each.name}
          dir="auto"
          className={cx("block truncate rounded-tag py-1 font-medium", each.error && "max-w-1/2 shrink-0")}
        >
          {each.name}
        </Link>
        {each.error && (
          <span title={each.error} className="truncate text-bad text-caption">
            {each.error}
          </span>
        )}
      </span>
    ),
  },
  {
    id: "type",
    title: t("Type"),
    width: "72px",
    minor: true,
    cell: each => <span className="text-text-2">{each.type}</span>,
  },
  { id: "status", title: t("Status"), width: "136px", cell: each => <Status of={each} /> },
  {
    id: "chunks",
    title: t("Chunks"),
    width: "80px",
    align: "end",
    minor: true,
    cell: each => (each.chunkCount > 0 ? count(each.chunkCount) : "–"),
  },
  { id: "size", title: t("Size"), width: "80px", align: "end", minor: true, cell: each => bytes(each.size) },
  {
    id: "added",
    title: t("Added"),
    width: "128px",
    align: "end",
    minor: true,
    cell: each => <Time at={each.createdAt} />,
  },
  {
    id: "delete",
    title: "",
    width: "48px",
    align: "end",
    cell: each => <DeleteDocument projectId={projectId} removed={each} />,
  },
];

/** How far a document is, in words. */
export function Status({ of: { status, progress, crawl } }: { readonly of: Doc }) {
  if (status === "ready")
    return <Badge tone="ok">{crawl && crawl.mode !== "page" ? t("Ready, a site") : t("Ready")}</Badge>;
  if (status === "failed") {
    return <Badge tone="bad">{t("Failed")}</Badge>;
  }
  return (
    <span className="flex items-center gap-2 text-text-2">
      <progress aria-label={t("Read")} value={progress} max={100} className="bar w-16" />
      {progress} %
    </span>
  );
}

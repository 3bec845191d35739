import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button } from "@ui/button";
import { CopyButton } from "@ui/copy-button";
import { Icon } from "@ui/icon";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { bytes, counted, Time } from "@ui/time";
import { t } from "@ui/words";
import { ArrowLeft } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { type WholeDoc, wholeQuery } from "./data";
import { DeleteDocument } from "./delete-document";
import { Status } from "./documents";
import { route } from "./route";

const AT_ONCE = 1000;

/** A document's text, as the chunks that it was cut into. */
export function DocumentView({
  projectId,
  documentId,
}: {
  readonly projectId: string;
  readonly documentId: string;
}) {
  const [first, setFirst] = useState(0);
  const navigate = route.useNavigate();
  const whole = useQuery(wholeQuery(projectId, documentId, first));
  const toList = () => navigate({ params: { projectId, documentId: undefined }, search: before => before });
  return (
    <div className="mx-auto flex w-full max-w-3xl flex-col gap-4 px-4 py-4 md:px-6">
      <Link
        from={route.fullPath}
        to="."
        params={{ projectId, documentId: undefined }}
        search={before => before}
        className="flex h-7 items-center gap-1 self-start rounded-tag text-dense text-text-2 hover:text-text"
      >
        <Icon of={ArrowLeft} />
        {t("All documents")}
      </Link>
      {whole.isPending && (
        <Loading what={t("the document")} className="flex flex-col gap-3">
          <Skeleton className="h-7 w-64" />
          <Skeleton className="h-24" />
          <Skeleton className="h-24" />
        </Loading>
      )}
      {whole.isError && (
        <ErrorState
          title={t("Could not load the document.")}
          error={whole.error}
          onRetry={() => whole.refetch()}
        />
      )}
      {whole.data && (
        <>
          <Head document={whole.data}>
            <DeleteDocument projectId={projectId} removed={whole.data} onDeleted={toList} />
          </Head>
          <Chunks document={whole.data} first={first} />
          <div className="flex gap-2">
            {first > 0 && (
              <Button onClick={() => setFirst(first - AT_ONCE)}>{t("Show earlier chunks")}</Button>
            )}
            {first + AT_ONCE < whole.data.chunkCount && (
              <Button onClick={() => setFirst(first + AT_ONCE)}>{t("Show later chunks")}</Button>
            )}
          </div>
        </>
      )}
    </div>
  );
}

function Head({ document, children }: { readonly document: WholeDoc; readonly children: ReactNode }) {
  const metadata = Object.entries(document.metadata);
  return (
    <header className="flex flex-col gap-2 border-line border-b pb-4">
      <div className="flex items-start gap-2">
        <h2 dir="auto" className="min-w-0 flex-1 break-words font-semibold text-title">
          {document.name}
        </h2>
        {children}
      </div>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-dense text-text-2">
        <Status of={document} />
        <span>{document.type}</span>
        <span>{bytes(document.size)}</span>
        <span>{counted(document.chunkCount, "chunk")}</span>
        <span>
          {t("Added")} <Time at={document.createdAt} />
        </span>
        {document.crawledAt && (
          <span>
            {t("Looked at")} <Time at={document.crawledAt} />
          </span>
        )}
        <CopyButton text={document.id} what={t("Copy id")} />
      </div>
      {document.url && (
        <a
          href={document.url}
          rel="noreferrer"
          className="self-start break-all text-accent-text text-dense underline"
        >
          {document.url}
        </a>
      )}
      {metadata.length > 0 && (
        <ul aria-label={t("Metadata")} className="flex flex-wrap gap-1">
          {metadata.map(([name, value]) => (
            <li key={name}>
              <Badge>
                {name}: {String(value)}
              </Badge>
            </li>
          ))}
        </ul>
      )}
      {document.error && (
        <p className="rounded-control bg-bad-soft px-3 py-2 text-bad text-dense">{document.error}</p>
      )}
    </header>
  );
}

function Chunks({ document, first }: { readonly document: WholeDoc; readonly first: number }) {
  const loaded = document.chunks.length;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the chunk of the address is there once chunks are
  useEffect(() => {
    const wanted = window.document.getElementById(location.hash.slice(1));
    wanted?.scrollIntoView({ block: "center" });
  }, [loaded]);
  return (
    <ol aria-label={t("Chunks")} className="flex flex-col gap-4">
      {document.chunks.map((chunk, index) => (
        <li
          key={chunk.id}
          id={chunk.id}
          className="rounded-card border border-line bg-surface p-4 [content-visibility:auto] target:border-accent"
        >
          <p className="mb-1 flex flex-wrap gap-x-2 text-caption text-text-3">
            <span>{first + index + 1}</span>
            {chunk.headings.length > 0 && <span dir="auto">{chunk.headings.join(" › ")}</span>}
            {chunk.page !== null && <span>{t("Page %{page}", { page: chunk.page })}</span>}
          </p>
          <p dir="auto" className="whitespace-pre-wrap break-words text-body">
            {chunk.content}
          </p>
        </li>
      ))}
    </ol>
  );
}

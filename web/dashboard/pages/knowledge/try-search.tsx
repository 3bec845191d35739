import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconButton } from "@ui/button";
import { Field, Input } from "@ui/field";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { Fragment, useEffect, useState } from "react";
import { type Passage, passagesQuery } from "./data";
import { cutAt } from "./marked";
import { route } from "./route";

const PAUSE = 300;

export interface TrySearchProps {
  readonly projectId: string;
  readonly ask: string;
  /** `undefined` closes the panel. */
  readonly onAsk: (ask: string | undefined) => void;
}

/** A question and the passages that a search finds for it, as an answer would see them. */
export function TrySearch({ projectId, ask, onAsk }: TrySearchProps) {
  const [question, setQuestion] = useState(ask);
  const [least, setLeast] = useState("0.3");
  const passages = useQuery(passagesQuery(projectId, ask));
  useEffect(() => {
    if (question === ask) return;
    const timer = setTimeout(() => onAsk(question), PAUSE);
    return () => clearTimeout(timer);
  }, [question, ask, onAsk]);
  const line = Number(least) || 0;
  const [above, below] = [true, false].map(
    good => passages.data?.filter(each => each.score >= line === good) ?? [],
  );
  return (
    <div className="flex flex-col gap-4 p-4">
      <div className="flex items-center justify-between">
        <h2 className="font-semibold text-lead">{t("Try search")}</h2>
        <IconButton dense icon={X} label={t("Close search")} onClick={() => onAsk(undefined)} />
      </div>
      <Field label={t("Question")}>
        <Input value={question} onChange={event => setQuestion(event.target.value)} dir="auto" autoFocus />
      </Field>
      <Field label={t("Least score")} hint={t("What a step would leave out is below the line.")}>
        <Input
          type="number"
          min={0}
          max={1}
          step={0.05}
          value={least}
          onChange={event => setLeast(event.target.value)}
        />
      </Field>
      {passages.isError && (
        <ErrorState
          title={t("Could not search.")}
          error={passages.error}
          onRetry={() => passages.refetch()}
        />
      )}
      {passages.isLoading && (
        <Loading what={t("passages")} className="flex flex-col gap-3">
          <Skeleton className="h-28 rounded-card" />
          <Skeleton className="h-28 rounded-card" />
        </Loading>
      )}
      {passages.isSuccess && ask.trim() && (
        <>
          <p role="status" className="sr-only">
            {t("%{above} passages above the line, %{below} below", {
              above: above?.length,
              below: below?.length,
            })}
          </p>
          {passages.data.length === 0 && <p className="text-text-2">{t("No passage has any of this.")}</p>}
          <Passages projectId={projectId} list={above ?? []} label={t("Passages")} />
          {below && below.length > 0 && (
            <div className="flex items-center gap-2 text-caption text-text-3">
              <span className="h-px flex-1 bg-control" />
              {t("Below")} {line.toFixed(2)}
              <span className="h-px flex-1 bg-control" />
            </div>
          )}
          <Passages projectId={projectId} list={below ?? []} label={t("Passages below the line")} />
        </>
      )}
    </div>
  );
}

function Passages({
  projectId,
  list,
  label,
}: {
  readonly projectId: string;
  readonly list: readonly Passage[];
  readonly label: string;
}) {
  if (list.length === 0) return null;
  return (
    <ol aria-label={label} className="flex flex-col gap-3">
      {list.map(passage => (
        <li key={passage.chunkId} className="rounded-card border border-line bg-surface p-3">
          <div className="flex items-center gap-2">
            <Link
              from={route.fullPath}
              to="."
              params={{ projectId, documentId: passage.documentId }}
              search={before => before}
              hash={passage.chunkId}
              title={passage.documentName}
              dir="auto"
              className="min-w-0 flex-1 truncate rounded-tag py-0.5 font-medium text-accent-text text-dense"
            >
              {passage.documentName}
            </Link>
            <meter aria-label={t("Score")} min={0} max={1} value={passage.score} className="bar w-12" />
            <span className="text-caption text-text-2 tabular-nums">{passage.score.toFixed(2)}</span>
          </div>
          {(passage.heading || passage.page !== null) && (
            <p dir="auto" className="text-caption text-text-3">
              {passage.heading}
              {passage.page !== null && t(" Page %{page}", { page: passage.page })}
            </p>
          )}
          <p dir="auto" className="mt-1 whitespace-pre-wrap break-words text-dense text-text-2">
            <Marked text={passage.excerpt} marks={passage.highlights} />
          </p>
        </li>
      ))}
    </ol>
  );
}

function Marked({ text, marks }: { readonly text: string; readonly marks: readonly (readonly number[])[] }) {
  return cutAt(text, marks).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text are in its order
    <Fragment key={index}>
      {part.marked ? <mark className="rounded-tag bg-accent-soft text-text">{part.text}</mark> : part.text}
    </Fragment>
  ));
}

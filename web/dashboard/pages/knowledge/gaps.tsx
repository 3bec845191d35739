import { useMay } from "@dashboard/data/roles";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { count, Time } from "@ui/time";
import { t } from "@ui/words";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { AddText } from "./add-text";
import { type Gap, gapsQuery } from "./data";

/** Questions that people asked and no document answers well. */
export function Gaps({ projectId }: { readonly projectId: string }) {
  const edits = useMay("edit");
  const gaps = useQuery(gapsQuery(projectId));
  const [answering, setAnswering] = useState<Gap>();
  if (gaps.isPending) {
    return (
      <Loading what={t("questions")}>
        <Skeleton className="h-40" />
      </Loading>
    );
  }
  if (gaps.isError) {
    return (
      <ErrorState
        title={t("Could not load the questions.")}
        error={gaps.error}
        onRetry={() => gaps.refetch()}
      />
    );
  }
  if (gaps.data.length === 0) {
    return (
      <EmptyState
        icon={CircleCheck}
        title={t("Questions that no document answers well come here")}
        actions={
          edits && (
            <Link to="/p/$projectId/test" params={{ projectId }} className={buttonClass("primary")}>
              {t("Ask the agent something")}
            </Link>
          )
        }
      >
        {t("Of the last 30 days there is none.")}
      </EmptyState>
    );
  }
  return (
    <>
      <Table
        label={t("Unanswered questions")}
        rows={gaps.data}
        columns={columns(edits ? setAnswering : undefined)}
        rowKey={gap => gap.question}
      />
      <AddText
        key={answering?.question}
        projectId={projectId}
        open={answering !== undefined}
        question={answering?.question}
        onClose={() => setAnswering(undefined)}
        onAdded={() => gaps.refetch()}
      />
    </>
  );
}

const columns = (onAnswer: ((gap: Gap) => void) | undefined): Column<Gap>[] => [
  {
    id: "question",
    title: t("Question"),
    cell: gap => (
      <span dir="auto" title={gap.question}>
        {gap.question}
      </span>
    ),
  },
  { id: "count", title: t("Asked"), width: "72px", align: "end", cell: gap => count(gap.count) },
  {
    id: "score",
    title: t("Best score"),
    width: "96px",
    align: "end",
    minor: true,
    cell: gap => gap.score.toFixed(2),
  },
  {
    id: "last",
    title: t("Last asked"),
    width: "136px",
    align: "end",
    minor: true,
    cell: gap => <Time at={gap.lastAskedAt} />,
  },
  {
    id: "answer",
    title: "",
    width: "136px",
    align: "end",
    cell: gap =>
      onAnswer && (
        <Button
          dense
          aria-label={t("Add an answer to %{question}", { question: gap.question })}
          onClick={() => onAnswer(gap)}
        >
          {t("Add an answer")}
        </Button>
      ),
  },
];

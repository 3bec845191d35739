import { type Counted, type Question, unansweredQuery } from "@dashboard/data/analytics";
import { useMay } from "@dashboard/data/roles";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { type Column, Table } from "@ui/table";
import { count, Time } from "@ui/time";
import { t } from "@ui/words";
import { useStepNames } from "./funnel";
import { Part } from "./part";

/** What people wrote and no step had an answer to. */
export function Unanswered({
  projectId,
  counted,
}: {
  readonly projectId: string;
  readonly counted: Counted;
}) {
  const unanswered = useQuery(unansweredQuery(projectId, counted));
  const nameOf = useStepNames(projectId);
  const edits = useMay("edit");
  return (
    <Part
      title={t("Unanswered questions")}
      hint={t("What people wrote where no step had an answer, the most frequent first.")}
      what={t("questions")}
      query={unanswered}
    >
      {({ questions }) =>
        questions.length === 0 ? (
          <div className="flex flex-col items-start gap-3">
            <p className="text-body text-text-2">
              {t("Everything that was asked in this time had an answer.")}
            </p>
            <Link
              to="/p/$projectId/transcripts/{-$transcriptId}"
              params={{ projectId, transcriptId: undefined }}
              className={buttonClass()}
            >
              {t("Read transcripts")}
            </Link>
          </div>
        ) : (
          <Table
            label={t("Unanswered questions")}
            rows={questions}
            columns={columns(projectId, nameOf).filter(each => edits || each.id !== "answer")}
            rowKey={each => each.question}
          />
        )
      }
    </Part>
  );
}

const columns = (projectId: string, nameOf: ReturnType<typeof useStepNames>): Column<Question>[] => [
  {
    id: "question",
    title: t("Question"),
    cell: each => (
      <Link
        to="/p/$projectId/transcripts/{-$transcriptId}"
        params={{ projectId, transcriptId: each.transcriptId }}
        title={each.question}
        dir="auto"
        className="block truncate rounded-tag py-1 font-medium"
      >
        {each.question}
      </Link>
    ),
  },
  {
    id: "steps",
    title: t("At"),
    width: "176px",
    minor: true,
    cell: each => <span className="text-text-2">{each.steps.map(nameOf).join(", ")}</span>,
  },
  { id: "count", title: t("Asked"), width: "64px", align: "end", cell: each => count(each.count) },
  {
    id: "last",
    title: t("Last asked"),
    width: "120px",
    align: "end",
    minor: true,
    cell: each => <Time at={each.lastAskedAt} />,
  },
  {
    id: "answer",
    title: "",
    width: "136px",
    align: "end",
    cell: each => (
      <Link
        to="/p/$projectId/knowledge/{-$documentId}"
        params={{ projectId }}
        search={{ add: "text", ask: each.question }}
        aria-label={t("Add an answer to %{question}", { question: each.question })}
        className={buttonClass("secondary", true)}
      >
        {t("Add an answer")}
      </Link>
    ),
  },
];

import { useMay } from "@dashboard/data/roles";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Badge, type Tone } from "@ui/badge";
import { Button } from "@ui/button";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import {
  type Delivery,
  type Deployment,
  deliveriesQuery,
  type Received,
  receivedQuery,
  resend,
} from "./data";

const SENT: Readonly<Record<Delivery["status"], [string, Tone]>> = {
  pending: [t("Waiting"), "neutral"],
  sending: [t("Being sent"), "neutral"],
  accepted: [t("Accepted"), "ok"],
  delivered: [t("Delivered"), "ok"],
  read: [t("Read"), "ok"],
  failed: [t("Failed"), "bad"],
  unknown: [t("Not known"), "warn"],
};
const CAME: Readonly<Record<Received["status"], [string, Tone]>> = {
  waiting: [t("Waiting"), "neutral"],
  done: [t("Answered"), "ok"],
  failed: [t("Failed"), "bad"],
};

/** The last that went out and came in; what failed is sent again by a press. */
export function Deliveries({
  projectId,
  deployment,
}: {
  readonly projectId: string;
  readonly deployment: Deployment;
}) {
  const queryClient = useQueryClient();
  const edits = useMay("edit");
  const sent = useQuery(deliveriesQuery(projectId, deployment.id));
  const came = useQuery(receivedQuery(projectId, deployment.id));
  const again = useMutation({
    mutationFn: (delivery: Delivery) => resend(projectId, deployment.id, delivery.id),
    onSettled: () =>
      queryClient.invalidateQueries({ queryKey: deliveriesQuery(projectId, deployment.id).queryKey }),
  });
  return (
    <>
      <Log title={t("Sent")} none={t("Nothing went out yet.")} query={sent}>
        {rows => (
          <Table
            label={t("Sent messages")}
            rows={rows}
            rowKey={each => each.id}
            columns={[...columns<Delivery>(SENT), ...(edits ? resending(again.mutate) : [])]}
          />
        )}
      </Log>
      <Log title={t("Received")} none={t("Nothing came in yet.")} query={came}>
        {rows => (
          <Table
            label={t("Received messages")}
            rows={rows}
            rowKey={each => each.id}
            columns={columns<Received>(CAME)}
          />
        )}
      </Log>
    </>
  );
}

interface LogProps<Row> {
  readonly title: string;
  readonly none: string;
  readonly query: {
    readonly data: readonly Row[] | undefined;
    readonly error: Error | null;
    readonly refetch: () => unknown;
  };
  readonly children: (rows: readonly Row[]) => React.ReactNode;
}

function Log<Row>({ title, none, query, children }: LogProps<Row>) {
  return (
    <section aria-label={title} className="flex flex-col gap-2">
      <div>
        <h2 className="font-semibold text-lead">{title}</h2>
        <p className="text-caption text-text-2">{t("The last 20, the latest first.")}</p>
      </div>
      {query.data ? (
        query.data.length > 0 ? (
          children(query.data)
        ) : (
          <p className="text-body text-text-2">{none}</p>
        )
      ) : query.error ? (
        <ErrorState
          title={t("Could not load the messages.")}
          error={query.error}
          onRetry={() => void query.refetch()}
        />
      ) : (
        <Loading what={t("messages")}>
          <Skeleton className="h-20" />
        </Loading>
      )}
    </section>
  );
}

function columns<Row extends Delivery | Received>(
  words: Readonly<Record<Row["status"], [string, Tone]>>,
): Column<Row>[] {
  return [
    {
      id: "status",
      title: t("State"),
      width: "104px",
      cell: row => {
        const [word, tone] = words[row.status as Row["status"]];
        return <Badge tone={tone}>{word}</Badge>;
      },
    },
    { id: "user", title: t("Person"), cell: row => <span title={row.userId}>{row.userId}</span> },
    {
      id: "problem",
      title: t("What happened"),
      minor: true,
      cell: row => <span title={row.problem ?? undefined}>{row.problem ?? "–"}</span>,
    },
    {
      id: "at",
      title: t("When"),
      width: "112px",
      minor: true,
      cell: row => <Time at={"receivedAt" in row ? row.receivedAt : row.createdAt} />,
    },
  ];
}

const resending = (onResend: (delivery: Delivery) => void): Column<Delivery>[] => [
  { id: "tries", title: t("Tries"), width: "56px", align: "end", minor: true, cell: row => row.attempts },
  {
    id: "resend",
    title: "",
    width: "88px",
    align: "end",
    cell: row =>
      row.status === "failed" || row.status === "unknown" ? (
        <Button
          dense
          look="quiet"
          aria-label={t("Resend the message to %{userId}", { userId: row.userId })}
          onClick={() => onResend(row)}
        >
          {t("Resend")}
        </Button>
      ) : null,
  },
];

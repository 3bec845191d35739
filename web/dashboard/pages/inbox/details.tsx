import { api, sent } from "@client/api";
import type { Entry } from "@dashboard/data/inbox";
import { versionsQuery } from "@dashboard/data/projects";
import { cutId } from "@dashboard/work-list/list";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconButton } from "@ui/button";
import { JsonView } from "@ui/code";
import { CopyButton } from "@ui/copy-button";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { counted, Time } from "@ui/time";
import { t } from "@ui/words";
import { X } from "lucide-react";
import type { ReactNode } from "react";

interface DetailsProps {
  readonly projectId: string;
  readonly entry: Entry;
  readonly onClose: () => void;
}

/** What is known of whoever is written to: why they are here, what the agent knows, what was before. */
export function Details({ projectId, entry, onClose }: DetailsProps) {
  const { userId } = entry;
  const past = useQuery({
    queryKey: ["project", projectId, "inbox", "past", userId],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/transcripts", {
          params: { path: { projectId }, query: { userId, limit: 6, include: "dashboard" } },
          signal,
        }),
      ),
  });
  const state = useQuery({
    queryKey: ["project", projectId, "inbox", "state", userId],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/conversations/{userId}/state", {
          params: { path: { projectId, userId } },
          signal,
        }),
      ),
  });
  const [present, ...former] = past.data ?? [];
  return (
    <div className="flex min-h-full flex-col gap-4 bg-surface p-4">
      <div className="flex items-center">
        <h2 className="flex-1 font-semibold text-body">{t("Details")}</h2>
        <IconButton icon={X} label={t("Close details")} dense onClick={onClose} />
      </div>
      <Part title={t("Summary")}>
        <p dir="auto" className="whitespace-pre-wrap">
          {entry.summary || <span className="text-text-2">{t("None was written at the handoff.")}</span>}
        </p>
      </Part>
      <Part title={t("Conversation")}>
        <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
          <Fact name={t("User id")}>
            <span className="flex items-center gap-1">
              <span title={userId} className="min-w-0 truncate">
                {cutId(userId)}
              </span>
              <CopyButton text={userId} what={t("Copy id")} />
            </span>
          </Fact>
          <Fact name="Channel">{entry.platform}</Fact>
          <Fact name="Version">
            <VersionName projectId={projectId} versionId={state.data?.versionId} />
          </Fact>
          <Fact name="For">{entry.target || "–"}</Fact>
          <Fact name="Reason">{entry.reason || "–"}</Fact>
          <Fact name={t("Handed over")}>
            <Time at={entry.handedAt} />
          </Fact>
          <Fact name="Trace">
            {present ? (
              <Link
                to="/p/$projectId/transcripts/{-$transcriptId}"
                params={{ projectId, transcriptId: present.id }}
                className="inline-flex min-h-6 items-center text-accent-text underline"
              >
                {t("Open transcript")}
              </Link>
            ) : (
              "–"
            )}
          </Fact>
        </dl>
      </Part>
      <Part title={t("Variables")}>
        {state.isPending && (
          <Loading what={t("variables")}>
            <Skeleton className="h-12" />
          </Loading>
        )}
        {state.isError && (
          <ErrorState
            title={t("Could not load the variables.")}
            error={state.error}
            onRetry={() => state.refetch()}
          />
        )}
        {state.data && <Known variables={state.data.variables} />}
      </Part>
      <Part title={t("Past conversations")}>
        {past.isError && (
          <ErrorState
            title={t("Could not load past conversations.")}
            error={past.error}
            onRetry={() => past.refetch()}
          />
        )}
        {past.data && former.length === 0 && <p className="text-text-2">{t("This is the first.")}</p>}
        <ul className="flex flex-col gap-1">
          {former.map(each => (
            <li key={each.id}>
              <Link
                to="/p/$projectId/transcripts/{-$transcriptId}"
                params={{ projectId, transcriptId: each.id }}
                className="flex min-h-6 items-center gap-2 rounded-tag hover:bg-hover"
              >
                <Time at={each.startedAt} />
                <span className="text-text-2">
                  {counted(each.messageCount, "message")}
                  {each.resolved ? t(" · resolved") : ""}
                </span>
              </Link>
            </li>
          ))}
        </ul>
      </Part>
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="flex flex-col gap-1 text-dense">
      <h3 className="font-medium text-caption text-text-3">{title}</h3>
      {children}
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <>
      <dt className="text-text-2">{name}</dt>
      <dd dir="auto" className="min-w-0 break-words">
        {children}
      </dd>
    </>
  );
}

function Known({ variables }: { readonly variables: Readonly<Record<string, unknown>> }) {
  const named = Object.entries(variables).filter(([, value]) => value !== null && value !== "");
  if (named.length === 0) return <p className="text-text-2">{t("No variable has a value.")}</p>;
  return (
    <div className="-ms-5">
      {named.map(([name, value]) => (
        <JsonView key={name} name={name} value={value} depth={1} />
      ))}
    </div>
  );
}

/** A version by its name; one who only answers people may not see them, and reads the id. */
function VersionName({
  projectId,
  versionId,
}: {
  readonly projectId: string;
  readonly versionId: string | null | undefined;
}) {
  const { data } = useQuery({ ...versionsQuery(projectId), retry: false });
  if (!versionId) return "–";
  if (versionId === "development") return t("Draft");
  return data?.find(each => each.id === versionId)?.name ?? versionId;
}

import { api, type Schema, sent } from "@client/api";
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { cursorOf } from "./pages";

export type Run = Schema<"ShownRun">;

const BASE = "/api/v1/projects/{projectId}/runs";
const SOON_MS = 1500;

/** Everything that is kept of a project's runs. */
export const runsKey = (projectId: string) => ["project", projectId, "runs"] as const;

/** Whether its time has come: what was approved to go at once is scheduled for a moment. */
export function isDue(run: Run): boolean {
  return (
    run.status === "scheduled" && run.publishAt !== null && Date.parse(run.publishAt) <= Date.now() + SOON_MS
  );
}

/** The runs of a project's pipelines, the most recent first; without a status all of them. */
export const runsQuery = (projectId: string, status?: Run["status"]) =>
  infiniteQueryOptions({
    queryKey: [...runsKey(projectId), "list", status ?? "all"],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam: cursor, signal }) => {
      const params = { path: { projectId }, query: { status, cursor } };
      const { data, response } = await api.GET(BASE, { params, signal });
      return { runs: data ?? [], next: cursorOf(response) };
    },
    getNextPageParam: page => page.next,
  });

export const runQuery = (projectId: string, runId: string) =>
  queryOptions({
    queryKey: [...runsKey(projectId), "one", runId],
    queryFn: ({ signal }) =>
      sent(api.GET(`${BASE}/{runId}`, { params: { path: { projectId, runId } }, signal })) as Promise<Run>,
  });

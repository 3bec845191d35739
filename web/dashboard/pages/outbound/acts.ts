import { api, sent } from "@client/api";
import { type Run, runQuery, runsKey } from "@dashboard/data/runs";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";

const ONE = "/api/v1/projects/{projectId}/runs/{runId}";

async function keepRun(client: QueryClient, projectId: string, run: Run): Promise<void> {
  // What is on its way is from before.
  await client.cancelQueries({ queryKey: runsKey(projectId) });
  client.setQueryData(runQuery(projectId, run.id).queryKey, run);
  void client.invalidateQueries({ queryKey: runsKey(projectId) });
}

/** What is decided about a run. */
export function useDecisions(projectId: string, runId: string) {
  const client = useQueryClient();
  const params = { path: { projectId, runId } };
  const shared = {
    meta: { quiet: true },
    onSuccess: (run: unknown) => keepRun(client, projectId, run as Run),
    // Somebody else may have decided.
    onError: () => client.invalidateQueries({ queryKey: runsKey(projectId) }),
  };
  const approve = useMutation({
    mutationFn: ({ text, at }: { text: string | null; at: Date | null }) =>
      sent(api.POST(`${ONE}/approve`, { params, body: { text, publishAt: at?.toISOString() ?? null } })),
    ...shared,
  });
  const reject = useMutation({
    mutationFn: (note: string) => sent(api.POST(`${ONE}/reject`, { params, body: { note } })),
    ...shared,
  });
  const again = useMutation({
    mutationFn: (note: string) => sent(api.POST(`${ONE}/retry`, { params, body: note ? { note } : {} })),
    ...shared,
  });
  return { approve, reject, again };
}

export type Decisions = ReturnType<typeof useDecisions>;

/** Has a pipeline write now. */
export function useStart(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (pipelineId: string) =>
      sent(
        api.POST("/api/v1/projects/{projectId}/runs", {
          params: { path: { projectId }, header: { "Idempotency-Key": crypto.randomUUID() } },
          body: { pipelineId },
        }),
      ),
    onSuccess: run => keepRun(client, projectId, run),
  });
}

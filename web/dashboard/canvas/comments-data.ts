import { api, type Schema, sent } from "@client/api";
import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";

export type Thread = Schema<"ShownThread">;

export const commentsKey = (projectId: string) => ["project", projectId, "comments"] as const;

/** Threads of a workflow, or of all, the newest first. */
export const commentsQuery = (
  projectId: string,
  workflowId: string | undefined,
  status: "open" | "resolved",
) =>
  queryOptions({
    queryKey: [...commentsKey(projectId), workflowId, status],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/comments", {
          params: { path: { projectId }, query: { workflowId, status, limit: 200 } },
          signal,
        }),
      ),
  });

/** Where a thread is begun: on a step, or at a point. */
export interface Spot {
  readonly workflowId: string;
  readonly stepId?: string;
  readonly position?: { readonly x: number; readonly y: number };
}

export type Said =
  | { readonly what: "begin"; readonly spot: Spot; readonly text: string; readonly mentions: string[] }
  | { readonly what: "reply"; readonly threadId: string; readonly text: string; readonly mentions: string[] }
  | { readonly what: "resolve"; readonly threadId: string; readonly resolved: boolean };

/** Says something in a thread, begins one, or settles it. */
export function useSay(projectId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async (said: Said): Promise<unknown> => {
      if (said.what === "begin") {
        const { spot, text, mentions } = said;
        const body = { ...spot, text, mentions };
        return sent(
          api.POST("/api/v1/projects/{projectId}/comments", { params: { path: { projectId } }, body }),
        );
      }
      const params = { path: { projectId, threadId: said.threadId } };
      if (said.what === "reply") {
        const body = { text: said.text, mentions: said.mentions };
        return sent(api.POST("/api/v1/projects/{projectId}/comments/{threadId}/replies", { params, body }));
      }
      const body = { resolved: said.resolved };
      return sent(api.PATCH("/api/v1/projects/{projectId}/comments/{threadId}", { params, body }));
    },
    onSuccess: () => client.invalidateQueries({ queryKey: commentsKey(projectId) }),
  });
}

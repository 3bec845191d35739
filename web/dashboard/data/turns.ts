import { api, type Schema, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

export type Transcript = Schema<"WholeTranscript">;

export const transcriptQuery = (projectId: string, transcriptId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "transcript", transcriptId],
    queryFn: ({ signal }) => {
      const params = { path: { projectId, transcriptId }, query: { include: "traces,files" as const } };
      return sent(api.GET("/api/v1/projects/{projectId}/transcripts/{transcriptId}", { params, signal }));
    },
  });

/** What a turn began with, and which way it went. */
export const turnQuery = (projectId: string, userId: string, turnId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "turn", userId, turnId],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/conversations/{userId}/turns/{turnId}", {
          params: { path: { projectId, userId, turnId } },
          signal,
        }),
      ),
    // What is over stays as it was.
    staleTime: Number.POSITIVE_INFINITY,
  });

export type RecordedTurn = Awaited<ReturnType<NonNullable<ReturnType<typeof turnQuery>["queryFn"]>>>;

import { api, type Schema, sent } from "@client/api";
import { cursorOf } from "@dashboard/data/pages";
import { infiniteQueryOptions } from "@tanstack/react-query";
import type { TranscriptFilters } from "./route";

export type Listed = Schema<"ListedTranscript">;

const BASE = "/api/v1/projects/{projectId}/transcripts";

/** The transcripts of a project, the most recent first, page after page. */
export const transcriptsQuery = (projectId: string, filters: TranscriptFilters) =>
  infiniteQueryOptions({
    queryKey: ["project", projectId, "transcripts", filters],
    initialPageParam: undefined as string | undefined,
    queryFn: async ({ pageParam, signal }) => {
      const { resolved, escalated, ...others } = filters;
      const query = {
        ...others,
        ...(resolved && { resolved: resolved === "true" }),
        ...(escalated && { escalated: escalated === "true" }),
        cursor: pageParam,
      };
      const { data, response } = await api.GET(BASE, { params: { path: { projectId }, query }, signal });
      return { rows: data ?? [], next: cursorOf(response) };
    },
    getNextPageParam: page => page.next,
  });

export const addTest = (projectId: string, transcriptId: string) =>
  sent(
    api.POST("/api/v1/projects/{projectId}/tests", {
      params: { path: { projectId } },
      body: { fromTranscript: transcriptId },
    }),
  );

export const removeTest = (projectId: string, testId: string) =>
  api.DELETE("/api/v1/projects/{projectId}/tests/{testId}", { params: { path: { projectId, testId } } });

/** Rates the last answer of a turn; `null` takes it back. */
export const rateTurn = (
  projectId: string,
  userId: string,
  turnId: string,
  body: { readonly rating: "up" | "down" | null; readonly comment: string | null },
) =>
  sent(
    api.PUT("/api/v1/projects/{projectId}/conversations/{userId}/messages/{messageId}/feedback", {
      params: { path: { projectId, userId, messageId: turnId } },
      body,
    }),
  );

export const eraseUser = (projectId: string, userId: string) =>
  api.DELETE("/api/v1/projects/{projectId}/users/{userId}", { params: { path: { projectId, userId } } });

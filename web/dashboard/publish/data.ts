import { api, type Schema, sent } from "@client/api";
import { fromServer } from "@dashboard/data/filled";
import { type ProjectDocument, versionsQuery } from "@dashboard/data/projects";
import { queryOptions } from "@tanstack/react-query";

export type Comparison = Schema<"ToldComparison">;

/** What the API calls the draft. */
export const DRAFT = "development";

function compare(projectId: string, versionId: string, to: string, signal: AbortSignal): Promise<Comparison> {
  const params = { path: { projectId, versionId }, query: { to } };
  return sent(api.GET("/api/v1/projects/{projectId}/versions/{versionId}/compare", { params, signal }));
}

/** A version with its document. */
export const versionDocumentQuery = (projectId: string, versionId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "versions", versionId, "document"],
    queryFn: async ({ signal }) => {
      const params = { path: { projectId, versionId } };
      const { document } = await sent(
        api.GET("/api/v1/projects/{projectId}/versions/{versionId}", { params, signal }),
      );
      return fromServer(document as unknown as ProjectDocument);
    },
    // A version stays as it is.
    staleTime: Number.POSITIVE_INFINITY,
  });

export const compareQuery = (projectId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["project", projectId, "compare", from, to],
    queryFn: ({ signal }) => compare(projectId, from, to, signal),
    // A draft changes.
    staleTime: 0,
  });

/** How many parts are different between two versions, which stay as they are. */
export const countsQuery = (projectId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ["version-counts", projectId, from, to],
    queryFn: async ({ signal }) => (await compare(projectId, from, to, signal)).counts,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** What publishing would change; `null` where nothing is published yet. */
export const unpublishedQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "unpublished"],
    staleTime: 0,
    queryFn: async ({ client, signal }): Promise<Comparison | null> => {
      const versions = await client.fetchQuery(versionsQuery(projectId));
      return versions.some(each => each.production) ? compare(projectId, "production", DRAFT, signal) : null;
    },
  });

export const problemsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "problems"],
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/problems", { params: { path: { projectId } }, signal })),
  });

export const testRunQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "test-run"],
    staleTime: 0,
    queryFn: ({ signal }) =>
      sent(
        api.POST("/api/v1/projects/{projectId}/tests/run", {
          params: { path: { projectId } },
          body: { versionId: "development" },
          signal,
        }),
      ),
  });

export const publish = (projectId: string, body: { name: string | null; note: string | null }) =>
  sent(api.POST("/api/v1/projects/{projectId}/publish", { params: { path: { projectId } }, body }));

import { api, type Schema, sent } from "@client/api";
import { equal } from "@dashboard/editing/merge";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { fromServer } from "./filled";

export type ListedProject = Schema<"ListedProject">;
export type ProjectDocument = Schema<"ProjectDocument">;

export interface Draft {
  readonly document: ProjectDocument;
  readonly etag: string;
}

/** All projects of the account, the one changed last first. */
export const projectsQuery = queryOptions({
  queryKey: ["projects"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/projects", { signal })),
});

/** How the agent of a project decides what to do next; `undefined` while that is not known. */
export function useFramework(projectId: string): ListedProject["framework"] | undefined {
  return useQuery(projectsQuery).data?.find(each => each.id === projectId)?.framework;
}

export const templatesQuery = queryOptions({
  queryKey: ["templates"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/projects/templates", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** A project's draft with its revision, as the `ETag` that a change has to name. */
export const documentQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "document"],
    queryFn: async ({ signal }): Promise<Draft> => {
      const params = { path: { projectId } };
      const { data, response } = await api.GET("/api/v1/projects/{projectId}", { params, signal });
      return { document: fromServer(data as ProjectDocument), etag: response.headers.get("ETag") ?? "" };
    },
    // What it was filled from is known of it as it is, not of a copy.
    structuralSharing: (before, now) => (equal(before, now) ? before : now),
  });

export const versionsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "versions"],
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/versions", { params: { path: { projectId } }, signal })),
  });

import { api, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

const MINUTES = 5 * 60_000;
const WEEK = 6 * 86_400_000;

/** The figures of the last seven days, today included. */
export const weekQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "week"],
    staleTime: MINUTES,
    queryFn: ({ signal }) => {
      const query = { from: new Date(Date.now() - WEEK).toISOString().slice(0, 10) };
      const params = { path: { projectId }, query };
      return sent(api.GET("/api/v1/projects/{projectId}/analytics", { params, signal }));
    },
  });

import { api, sent } from "@client/api";
import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";

/** Of so many the server tells at once. */
const AT_ONCE = 200;

/** What users are called, as far as a variable of the project holds it; a name that does not come is not missed. */
export function useNames(projectId: string, userIds: readonly string[]): ReadonlyMap<string, string> {
  const pieces = useMemo(() => {
    const all = [...new Set(userIds)];
    return Array.from({ length: Math.ceil(all.length / AT_ONCE) }, (_, index) =>
      all.slice(index * AT_ONCE, (index + 1) * AT_ONCE),
    );
  }, [userIds]);
  return useQueries({
    queries: pieces.map(userId => ({
      queryKey: ["project", projectId, "names", userId],
      queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
        sent(
          api.GET("/api/v1/projects/{projectId}/users", {
            params: { path: { projectId }, query: { userId } },
            signal,
          }),
        ),
    })),
    combine: found => new Map(found.flatMap(({ data = [] }) => data.map(each => [each.userId, each.name]))),
  });
}

import { api, type Schema, sent } from "@client/api";
import { queryOptions, useQuery } from "@tanstack/react-query";

export type Member = Schema<"WireMember">;

/** Who works on the account's projects. */
export const membersQuery = queryOptions({
  queryKey: ["members"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/members", { signal })),
});

/** A member's name by their id; `undefined` while it is not known, or of one who left. */
export function useMemberName(): (id: string | null | undefined) => string | undefined {
  const { data } = useQuery(membersQuery);
  return id => data?.find(each => each.id === id)?.name;
}

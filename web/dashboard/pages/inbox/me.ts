import { membersQuery } from "@dashboard/data/members";
import { may } from "@dashboard/data/roles";
import { sessionQuery } from "@dashboard/session";
import { useQuery } from "@tanstack/react-query";

/** Whoever sits here, and whether they may answer people. */
export function useMe(): { readonly id: string | null; readonly answers: boolean } {
  const { data } = useQuery(sessionQuery);
  return { id: data?.memberId ?? null, answers: may(data?.role, "answer") };
}

/** Members who may be given a conversation. */
export function useAnswering() {
  const { data } = useQuery(membersQuery);
  return data?.filter(member => may(member.role, "answer")) ?? [];
}

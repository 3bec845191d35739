import { api, sent } from "@client/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Talk } from "./use-conversation";

type Values = Readonly<Record<string, unknown>>;

/** The state of a conversation that has begun, as it is after its last turn. */
export function useConversationState(projectId: string, talk: Talk) {
  const client = useQueryClient();
  const params = { path: { projectId, userId: talk.userId } };
  const queryKey = ["project", projectId, "state", talk.userId];
  const { data } = useQuery({
    queryKey,
    enabled: talk.begun,
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/conversations/{userId}/state", { params, signal })),
  });
  const renew = async () => {
    // What is on its way may be from before.
    await client.cancelQueries({ queryKey });
    await client.invalidateQueries({ queryKey });
  };
  const done = talk.conversation.turns.filter(turn => turn.done).at(-1)?.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: looked at again after each turn
  useEffect(() => void renew(), [done]);
  return { data, variables: data?.variables as Values | undefined, params, renew };
}

/** The values of the variables in the last test; `undefined`: nothing was tested. */
export function useConversationVariables(projectId: string, talk: Talk): Values | undefined {
  return useConversationState(projectId, talk).variables;
}

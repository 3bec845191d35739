import { api, sent } from "@client/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
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

/** What a step could read after the last turn of a test, `sys` too; `undefined`: nothing was tested. */
export function useConversationNames(projectId: string, talk: Talk): Values | undefined {
  const { data } = useConversationState(projectId, talk);
  return useMemo(() => data && { ...data.variables, sys: systemOf(data) }, [data]);
}

/** What `sys` tells of a conversation, as far as it is kept. */
export function systemOf(state: unknown): Values {
  const { userId, versionId, internal } = (state ?? {}) as {
    userId?: string;
    versionId?: string;
    internal?: { said?: unknown; language?: unknown; turn?: unknown };
  };
  const found = {
    userId,
    versionId,
    lastUserMessage: internal?.said,
    language: internal?.language,
    turn: internal?.turn,
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, value]) => value !== undefined && value !== null),
  );
}

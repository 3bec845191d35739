import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type RecordedTurn, turnQuery } from "../data/turns";

/** The turn that the address names, with the way that it went. */
export function useReplay(projectId: string, userId = "", turnId = ""): RecordedTurn | undefined {
  return useQuery({ ...turnQuery(projectId, userId, turnId), enabled: Boolean(userId && turnId) }).data;
}

export interface Walk {
  /** Where of the path one is, from 0; -1: nowhere. */
  readonly at: number;
  readonly to: (index: number) => void;
}

/** A walk along the path of a turn, where one is replayed: each step is gone to and shown. */
export function useWalk(
  replay: RecordedTurn | undefined,
  go: (workflowId: string, stepId: string) => void,
): Walk | undefined {
  const [where, setWhere] = useState({ turnId: "", at: -1 });
  if (!replay) return undefined;
  return {
    at: where.turnId === replay.turnId ? where.at : -1,
    to: index => {
      const came = replay.path[index];
      if (!came) return;
      setWhere({ turnId: replay.turnId, at: index });
      go(came.workflowId, came.stepId);
    },
  };
}

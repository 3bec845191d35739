import { api, sent } from "@client/api";
import { useQuery } from "@tanstack/react-query";
import { type RefObject, useEffect, useState } from "react";
import type { TurnCall } from "./trace-tree";

/** Whose turns they are. */
export interface Whose {
  readonly projectId: string;
  readonly userId: string;
}

/** What a turn asked of models and of the world; nothing yet while it runs, or where nothing is kept of it. */
export function useCalls(
  whose: Whose | undefined,
  turnId: string,
  wanted: boolean,
): readonly TurnCall[] | undefined {
  const { projectId = "", userId = "" } = whose ?? {};
  const { data } = useQuery({
    queryKey: ["project", projectId, "calls", userId, turnId],
    enabled: wanted && whose !== undefined,
    retry: false,
    // What is over stays as it was.
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/conversations/{userId}/turns/{turnId}/calls", {
          params: { path: { projectId, userId, turnId } },
          signal,
        }),
      ),
  });
  return data;
}

/** Whether the element was in view at least once. */
export function useSeen(element: RefObject<Element | null>): boolean {
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (seen || !element.current) return;
    const observer = new IntersectionObserver(
      entries => entries.some(entry => entry.isIntersecting) && setSeen(true),
    );
    observer.observe(element.current);
    return () => observer.disconnect();
  }, [seen, element]);
  return seen;
}

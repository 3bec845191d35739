import { type Session, sessionQuery } from "@dashboard/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { route } from "./route";

/** Signs in and goes to where one was going. The form shows the error itself. */
export function useEnter<Input>(enter: (input: Input) => Promise<Session>) {
  const { next = "/" } = route.useSearch();
  const router = useRouter();
  const queryClient = useQueryClient();
  return useMutation({
    meta: { quiet: true },
    mutationFn: enter,
    onSuccess: session => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(next);
    },
  });
}

import { api } from "@client/api";
import { useSignOut } from "@dashboard/frame/account";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button } from "@ui/button";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { sessionsQuery } from "./data";
import { Section } from "./section";

/** Where one is signed in. */
export function Sessions() {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const sessions = useQuery(sessionsQuery);
  const leave = useSignOut();
  const end = useMutation({
    mutationFn: (sessionId: string) =>
      api.DELETE("/api/v1/sessions/{sessionId}", { params: { path: { sessionId } } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: sessionsQuery.queryKey }),
  });
  const endAll = useMutation({
    mutationFn: () => api.DELETE("/api/v1/sessions"),
    onSuccess: () => {
      queryClient.clear();
      return navigate({ to: "/sign-in" });
    },
  });
  return (
    <Section
      title={t("Where you are signed in")}
      actions={
        <Button look="danger" busy={endAll.isPending} onClick={() => endAll.mutate()}>
          {t("Sign out everywhere")}
        </Button>
      }
    >
      {sessions.isPending && (
        <Loading what={t("sign-ins")}>
          <Skeleton className="h-20" />
        </Loading>
      )}
      {sessions.isError && (
        <ErrorState
          title={t("Could not load where you are signed in.")}
          error={sessions.error}
          onRetry={() => sessions.refetch()}
        />
      )}
      {sessions.data && (
        <ul className="flex flex-col rounded-card border border-line bg-surface">
          {sessions.data.map(session => (
            <li
              key={session.id}
              className="flex min-h-12 items-center gap-3 border-line border-b px-4 last:border-b-0"
            >
              <span className="min-w-0 flex-1 text-body">
                {t("Since")} <Time at={session.createdAt} />
                <span className="text-text-2">
                  {t(", until")} <Time at={session.expiresAt} />
                </span>
              </span>
              {session.current ? (
                <>
                  <Badge tone="accent">{t("This browser")}</Badge>
                  <Button dense onClick={() => void leave()}>
                    {t("Sign out")}
                  </Button>
                </>
              ) : (
                <Button
                  dense
                  busy={end.isPending && end.variables === session.id}
                  onClick={() => end.mutate(session.id)}
                >
                  {t("Sign out there")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

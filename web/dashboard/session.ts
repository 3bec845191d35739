import { api, keepCsrf, type Schema, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

export type Session = Schema<"Session">;

/** Who is signed in. Throws a 401 when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async ({ signal }): Promise<Session> => keep(await sent(api.GET("/api/v1/session", { signal }))),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Trades a one-time link for a session. */
export async function signIn(token: string): Promise<Session> {
  return keep(await sent(api.POST("/api/v1/sign-in", { body: { token } })));
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/v1/session");
  keepCsrf(null);
}

function keep(session: Session): Session {
  keepCsrf(session.csrfToken);
  return session;
}

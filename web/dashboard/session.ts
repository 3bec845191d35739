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

export async function signInByPassword(body: { login: string; password: string }): Promise<Session> {
  return keep(await sent(api.POST("/api/v1/sign-in/password", { body })));
}

/** Becomes a member by an invitation. */
export async function join(body: {
  token: string;
  name: string;
  login: string;
  password: string;
}): Promise<Session> {
  return keep(await sent(api.POST("/api/v1/sign-in/invitation", { body })));
}

/** Whom an invitation is for. */
export const invitedQuery = (token: string) =>
  queryOptions({
    queryKey: ["invited", token],
    queryFn: () => sent(api.POST("/api/v1/sign-in/invited", { body: { token } })),
    retry: false,
  });

/** The identity provider that one may sign in by, if the server has one. */
export const providerQuery = queryOptions({
  queryKey: ["provider"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/sign-in", { signal })),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Leaves for the identity provider, which sends the browser back. */
export async function startAtProvider(body: { next: string; invitation: string | null }): Promise<void> {
  const { url } = await sent(api.POST("/api/v1/sign-in/oidc", { body }));
  location.assign(url);
}

export async function signOut(): Promise<void> {
  await api.DELETE("/api/v1/session");
  keepCsrf(null);
}

/** Remembers what a session that has just begun has to show. */
export function keep(session: Session): Session {
  keepCsrf(session.csrfToken);
  return session;
}

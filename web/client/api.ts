import createClient, { type Middleware } from "openapi-fetch";
import type { components, paths } from "./schema";

/** A type of the API by its name there: `Schema<"ListedProject">`. */
export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

/** An answer that is an error; `message` is made for people. `status` 0: no answer came. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId: string | null = null,
    readonly details: readonly { path: string; message: string }[] = [],
  ) {
    super(message);
    this.name = "ApiError";
  }

  /** What is wrong at a field of the body, by its path. */
  at(path: string): string | undefined {
    return this.details.find(detail => detail.path === path)?.message;
  }
}

/** Where the session's CSRF token is kept: in memory, for as long as the page lives. */
let csrf: string | null = null;
let tellSignedOut: () => void = () => undefined;
const signedIn = new Set<() => void>();

export function keepCsrf(token: string | null): void {
  csrf = token;
  if (token) for (const tell of signedIn) tell();
}

/** Calls `listener` whenever a session has begun, or is seen again; what comes back ends that. */
export function onSignedIn(listener: () => void): () => void {
  signedIn.add(listener);
  return () => void signedIn.delete(listener);
}

/** Calls `listener` whenever an answer says that nobody is signed in. */
export function onSignedOut(listener: () => void): void {
  tellSignedOut = listener;
}

/** What a request that changes something has to carry. */
export function csrfHeaders(): Record<string, string> {
  return csrf ? { "X-CSRF-Token": csrf } : {};
}

const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

const session: Middleware = {
  onRequest({ request }) {
    if (!SAFE.has(request.method) && csrf) request.headers.set("X-CSRF-Token", csrf);
    return request;
  },
  async onResponse({ response }) {
    if (!response.ok) throw await errorOf(response);
  },
  onError({ error }) {
    if (error instanceof DOMException && error.name === "AbortError") return error;
    return new ApiError(
      0,
      "OFFLINE",
      "The server did not answer. Check that it runs and that you are connected.",
    );
  },
};

/** The API, by its paths: `const { data } = await api.GET("/api/v1/projects")`. Whatever is no success is thrown. */
export const api = createClient<paths>({
  baseUrl: globalThis.location?.origin,
  // Looked up at each call, so that a test may put its own in place.
  fetch: request => globalThis.fetch(request),
});
api.use(session);

/** The error that an answer tells; whoever is not signed in any more is told so. */
export async function errorOf(response: Response): Promise<ApiError> {
  const requestId = response.headers.get("X-Request-Id");
  if (response.status === 401) tellSignedOut();
  try {
    const body = await response.json();
    return new ApiError(response.status, body.code, body.error, requestId, body.details ?? []);
  } catch {
    const message = `The server answered ${response.status} without saying why.`;
    return new ApiError(response.status, "UNKNOWN", message, requestId);
  }
}

/** The data of an answer that has a body: `await sent(api.GET("/api/v1/projects"))`. */
export async function sent<Data>(answer: Promise<{ data?: Data }>): Promise<Data> {
  const { data } = await answer;
  return data as Data;
}

import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  type ParsedLocation,
  redirect,
} from "@tanstack/react-router";
import { projectsQuery } from "./data/projects";
import { may } from "./data/roles";
import { schemaQuery } from "./data/schema";
import { Frame } from "./frame/frame";
import { NotFound, Root } from "./frame/root";
import { sessionQuery } from "./session";

export interface RouterContext {
  readonly queryClient: QueryClient;
  /** Sees to it that a page can be shown before the one that is shown is left for it. */
  readonly reach: (location: ParsedLocation) => Promise<void>;
}

export const root = createRootRouteWithContext<RouterContext>()({
  component: Root,
  notFoundComponent: NotFound,
});

/** What is for somebody who is signed in: everybody else is sent to sign in, and back here afterwards. */
export const signedIn = createRoute({
  getParentRoute: () => root,
  id: "in",
  component: Frame,
  beforeLoad: async ({ context, location, preload }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if ((error as { status?: number }).status !== 401) throw error;
      throw redirect({ to: "/sign-in", search: { next: location.href } });
    }
    if (!preload) await context.reach(location);
  },
});

/** What is about one project. */
export const project = createRoute({
  getParentRoute: () => signedIn,
  path: "p/$projectId",
  // Not waited for: the page does not need them, and the frame shows what it has.
  loader: ({ context }) => {
    void context.queryClient.prefetchQuery(projectsQuery);
    void context.queryClient.prefetchQuery(schemaQuery);
  },
});

/** A project's own address leads to where it is built; those who only answer, to the inbox. */
export const projectIndex = createRoute({
  getParentRoute: () => project,
  path: "/",
  beforeLoad: ({ params, context }) => {
    const role = context.queryClient.getQueryData(sessionQuery.queryKey)?.role;
    if (!may(role, "read"))
      throw redirect({ to: "/p/$projectId/inbox/{-$conversation}", params, replace: true });
    throw redirect({ to: "/p/$projectId/build/{-$workflow}", params, replace: true });
  },
});

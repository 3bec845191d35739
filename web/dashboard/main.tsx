import "@ui/base.css";
import { CSPProvider } from "@base-ui/react/csp-provider";
import { ApiError } from "@client/api";
import { MutationCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createRouter,
  type ParsedLocation,
  parseSearchWith,
  RouterProvider,
  stringifySearchWith,
} from "@tanstack/react-router";
import { toast } from "@ui/toast";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { reach } from "./frame/reach";
import { Failed } from "./frame/root";
import { routeTree } from "./routes";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) =>
        count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
    },
  },
  mutationCache: new MutationCache({
    // Where a form shows its own error, it says so: `meta: { quiet: true }`.
    onError: (error, _variables, _context, mutation) => {
      if (!mutation.meta?.quiet) toast(error.message, { bad: true });
    },
  }),
});

const router = createRouter({
  routeTree,
  context: { queryClient, reach: (location: ParsedLocation): Promise<void> => reach(router, location) },
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  defaultPendingMs: 150,
  defaultErrorComponent: Failed,
  scrollRestoration: true,
  // Addresses are for people: a value is what it says, not JSON.
  parseSearch: parseSearchWith(value => value),
  stringifySearch: stringifySearchWith(value =>
    typeof value === "object" ? JSON.stringify(value) : String(value),
  ),
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content;
const place = document.getElementById("root");
if (place) {
  createRoot(place).render(
    <StrictMode>
      <CSPProvider nonce={nonce}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </CSPProvider>
    </StrictMode>,
  );
}

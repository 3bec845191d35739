import { FailedAside, isFileMissing, lazyPart, NotLoaded } from "@dashboard/lazy-part";
import { type ErrorComponentProps, Link, Outlet } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { EmptyState, ErrorState } from "@ui/states";
import { TooltipProvider } from "@ui/tooltip";
import { t } from "@ui/words";
import { SearchX } from "lucide-react";
import { Suspense } from "react";
import { useKeyboard } from "../commands";
import { useKeptFocus } from "./keep-focus";

const Toasts = lazyPart(() => import("@ui/toasts"), FailedAside);

/** What is around every page, signed in or not. */
export function Root() {
  useKeyboard();
  useKeptFocus();
  return (
    <TooltipProvider delay={400}>
      <Outlet />
      <Suspense>
        <Toasts />
      </Suspense>
    </TooltipProvider>
  );
}

/** There is nothing at this address, or it is somebody else's: both read the same. */
export function NotFound() {
  return (
    <main className="flex min-h-dvh items-center">
      <title>{t("Not found · Conduet")}</title>
      <h1 className="sr-only">{t("Not found")}</h1>
      <EmptyState
        icon={SearchX}
        title={t("There is nothing here")}
        actions={
          <Link to="/" className={buttonClass("primary")}>
            {t("Show projects")}
          </Link>
        }
      >
        {t("The address is wrong, or what was here is gone or not yours.")}
      </EmptyState>
    </main>
  );
}

/** A page failed: the rest stays. */
export function Failed({ error, reset }: ErrorComponentProps) {
  if ((error as { status?: number }).status === 404) return <NotFound />;
  const failed = isFileMissing(error)
    ? // The router keeps what failed for good.
      {
        title: t("The page could not be loaded."),
        error: new NotLoaded(error),
        onRetry: () => location.reload(),
      }
    : { title: t("This page could not be shown."), error, onRetry: reset };
  return (
    <div className="mx-auto max-w-2xl p-6">
      <h1 className="sr-only">{t("Failed")}</h1>
      <ErrorState {...failed} />
    </div>
  );
}

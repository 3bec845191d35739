import { isOutdated, mayReload } from "@dashboard/outdated";
import { type AnyRouter, type ParsedLocation, redirect } from "@tanstack/react-router";
import { toast } from "@ui/toast";
import { t } from "@ui/words";

/** Sees to it that a page can be shown before the one that is shown is left for it. */
export async function reach(router: AnyRouter, { pathname, href }: ParsedLocation): Promise<void> {
  const shown = router.state.resolvedLocation;
  const page = router.getMatchedRoutes(pathname)[0].at(-1)?.options.component;
  // The first page has nothing to fall back to, and its data need not wait for it.
  if (!shown || !page?.preload) return;
  await page.preload();
  // The router takes it away from what was loaded.
  if (!page.preload) return;
  if ((await isOutdated()) && mayReload()) {
    location.assign(href);
    // The page stays until the new one is here.
    await new Promise(() => undefined);
  }
  toast(t("The page could not be loaded."), {
    description: t("There was no answer. What you see stays; try again in a moment."),
    bad: true,
  });
  throw redirect({ href: shown.href, replace: true });
}

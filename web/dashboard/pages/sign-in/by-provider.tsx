import { providerQuery, startAtProvider } from "@dashboard/session";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { t } from "@ui/words";
import { route } from "./route";
import { Wrong } from "./wrong";

const REFUSED: Record<string, string> = {
  unknown: t("Nobody here is expected by that address. Ask an owner for an invitation, and open its link."),
  unverified: t("The address is not confirmed there. Confirm it, or ask an owner for an invitation's link."),
  uninvited: t(
    "This invitation was used already, was taken back, or is older than 7 days: ask for a new one.",
  ),
  member: t("You are a member already: sign in without the invitation."),
  denied: t("You were not signed in there. Try again, or sign in another way."),
  over: t("This took longer than 5 minutes, or was begun in another browser: try again."),
  failed: t("What came back could not be believed. Try again; the server's log says why."),
};

/** The identity provider, where the server has one; shown alone for an invitation too. */
export function ByProvider({ invitation }: { readonly invitation?: string }) {
  const { next, refused } = route.useSearch();
  const { data } = useQuery(providerQuery);
  const start = useMutation({
    meta: { quiet: true },
    mutationFn: () => startAtProvider({ next: next ?? "/", invitation: invitation ?? null }),
  });
  const why = refused && (REFUSED[refused] ?? REFUSED.failed);
  return (
    <>
      <Wrong>{start.error?.message ?? why}</Wrong>
      {data?.provider && (
        <Button busy={start.isPending || start.isSuccess} onClick={() => start.mutate()}>
          {t("Continue with %{provider}", { provider: data.provider })}
        </Button>
      )}
    </>
  );
}

import { api } from "@client/api";
import { hasPasskeys } from "@dashboard/passkey";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { type Passkey, passkeysQuery } from "./data";
import { NamePasskey, NewPasskey } from "./passkey-dialogs";
import { Section } from "./section";

/** What one signs in by without a password. */
export function Passkeys() {
  const queryClient = useQueryClient();
  const passkeys = useQuery(passkeysQuery);
  const [adding, setAdding] = useState(false);
  const [naming, setNaming] = useState<Passkey>();
  const [removing, setRemoving] = useState<Passkey>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: passkeysQuery.queryKey });
  const remove = useMutation({
    mutationFn: (passkeyId: string) =>
      api.DELETE("/api/v1/passkeys/{passkeyId}", { params: { path: { passkeyId } } }),
    onSuccess: () => {
      setRemoving(undefined);
      return refresh();
    },
  });
  const able = hasPasskeys();
  return (
    <Section
      title={t("Passkeys")}
      hint={
        able
          ? t("Sign in by your device's lock or a security key, without a password.")
          : t("This browser makes none here: they need https and an address with a name, or localhost.")
      }
      actions={
        able && (
          <Button icon={Plus} onClick={() => setAdding(true)}>
            {t("Add passkey")}
          </Button>
        )
      }
    >
      {passkeys.isPending && (
        <Loading what={t("passkeys")}>
          <Skeleton className="h-20" />
        </Loading>
      )}
      {passkeys.isError && (
        <ErrorState
          title={t("Could not load your passkeys.")}
          error={passkeys.error}
          onRetry={() => passkeys.refetch()}
        />
      )}
      {passkeys.data?.length === 0 && able && (
        <EmptyState
          icon={KeyRound}
          title={t("A passkey cannot be guessed, and no other page can ask for it")}
        />
      )}
      {passkeys.data && passkeys.data.length > 0 && (
        <ul className="flex flex-col rounded-card border border-line bg-surface">
          {passkeys.data.map(passkey => (
            <li
              key={passkey.id}
              className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 border-line border-b px-4 py-1 last:border-b-0"
            >
              <span className="min-w-0 flex-1 truncate text-body" title={passkey.name} dir="auto">
                {passkey.name}
                <span className="text-text-2">
                  {passkey.lastUsedAt ? t(" · used ") : t(" · added ")}
                  <Time at={passkey.lastUsedAt ?? passkey.createdAt} />
                </span>
              </span>
              <Button
                dense
                look="quiet"
                aria-label={t("Rename %{name}", { name: passkey.name })}
                onClick={() => setNaming(passkey)}
              >
                {t("Rename")}
              </Button>
              <Button
                dense
                look="quiet"
                aria-label={t("Remove %{name}", { name: passkey.name })}
                onClick={() => setRemoving(passkey)}
              >
                {t("Remove")}
              </Button>
            </li>
          ))}
        </ul>
      )}
      {adding && <NewPasskey onClose={() => setAdding(false)} onDone={refresh} />}
      {naming && <NamePasskey passkey={naming} onClose={() => setNaming(undefined)} onDone={refresh} />}
      <Dialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t("Remove %{name}?", { name: removing?.name })}
        description={t(
          "It signs you in no more. Remove it on the device too. Where you are signed in, you stay.",
        )}
        actions={
          <>
            <Button onClick={() => setRemoving(undefined)}>{t("Keep passkey")}</Button>
            <Button
              look="danger"
              busy={remove.isPending}
              onClick={() => removing && remove.mutate(removing.id)}
            >
              {t("Remove passkey")}
            </Button>
          </>
        }
      />
    </Section>
  );
}

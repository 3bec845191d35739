import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { say } from "@ui/time";
import { t } from "@ui/words";
import { type Key, keysQuery, revokeKey } from "./data";

export interface RevokeKeyProps {
  readonly projectId: string;
  readonly revoked: Key;
  readonly onClose: () => void;
}

/** Asks first: a key that is revoked cannot be brought back. */
export function RevokeKey({ projectId, revoked, onClose }: RevokeKeyProps) {
  const queryClient = useQueryClient();
  const revoke = useMutation({
    mutationFn: () => revokeKey(projectId, revoked.id),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: keysQuery(projectId).queryKey });
      onClose();
    },
  });
  const used = revoked.lastUsedAt
    ? t("It was last used %{say}.", { say: say(new Date(revoked.lastUsedAt)) })
    : t("It was never used.");
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Revoke %{name}?", { name: revoked.name })}
      description={t("Whatever uses it stops at once, and it cannot be brought back. %{used}", { used })}
      actions={
        <>
          <Button onClick={onClose}>{t("Keep key")}</Button>
          <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            {t("Revoke key")}
          </Button>
        </>
      }
    />
  );
}

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { say } from "@ui/time";
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
    ? `It was last used ${say(new Date(revoked.lastUsedAt))}.`
    : "It was never used.";
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke ${revoked.name}?`}
      description={`Whatever uses it stops at once, and it cannot be brought back. ${used}`}
      actions={
        <>
          <Button onClick={onClose}>Keep key</Button>
          <Button look="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke key
          </Button>
        </>
      }
    />
  );
}

import { signInByPasskey } from "@dashboard/passkey";
import { Button } from "@ui/button";
import { t } from "@ui/words";
import { KeyRound } from "lucide-react";
import { useEnter } from "./use-enter";
import { Wrong } from "./wrong";

/** A passkey, which the browser finds by itself. */
export function ByPasskey() {
  const enter = useEnter(signInByPasskey);
  return (
    <div className="flex flex-col gap-3">
      <Button icon={KeyRound} busy={enter.isPending} onClick={() => enter.mutate()}>
        {t("Sign in with a passkey")}
      </Button>
      <Wrong>{enter.error?.message}</Wrong>
    </div>
  );
}

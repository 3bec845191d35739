import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { CodeBlock } from "@ui/code";
import { Dialog } from "@ui/dialog";
import { t } from "@ui/words";
import { useState } from "react";
import { sessionQuery } from "../session";

/** Nobody is signed in any more: one signs in elsewhere and goes on here, with the page as it was. */
export default function SignedOut({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const [trying, setTrying] = useState(false);
  const retry = async () => {
    setTrying(true);
    try {
      await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
      onClose();
      await queryClient.invalidateQueries();
    } catch {
      // Still nobody: the dialog stays.
    } finally {
      setTrying(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("You are signed out")}
      description={t(
        "Nothing on this page is lost. Print a new link, open it in another tab, then go on here.",
      )}
      actions={
        <Button look="primary" busy={trying} onClick={retry}>
          {t("Go on")}
        </Button>
      }
    >
      <CodeBlock label={t("Command")} code="conduet link" />
    </Dialog>
  );
}

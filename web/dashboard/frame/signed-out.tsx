import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { CodeBlock } from "@ui/code";
import { Dialog } from "@ui/dialog";
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
      title="You are signed out"
      description="Nothing on this page is lost. Print a new link, open it in another tab, then go on here."
      actions={
        <Button look="primary" busy={trying} onClick={retry}>
          Go on
        </Button>
      }
    >
      <CodeBlock label="Command" code="conduet link" />
    </Dialog>
  );
}

import { documentQuery } from "@dashboard/data/projects";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { CopyButton } from "@ui/copy-button";
import { Dialog } from "@ui/dialog";
import { ErrorState, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { useState } from "react";
import { rotateIdentity } from "./data";

/** The secret that a page's server signs its users' ids with. */
export function IdentitySecret({ projectId }: { readonly projectId: string }) {
  const queryClient = useQueryClient();
  const { data, error, refetch } = useQuery(documentQuery(projectId));
  const [open, setOpen] = useState(false);
  const rotate = useMutation({
    mutationFn: () => rotateIdentity(projectId),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: documentQuery(projectId).queryKey }),
  });
  const exists = data?.document.hasIdentitySecret;
  const close = () => {
    setOpen(false);
    rotate.reset();
  };
  return (
    <section aria-labelledby="identity" className="mt-10 max-w-2xl">
      <h2 id="identity" className="font-semibold text-lead">
        {t("Identity secret")}
      </h2>
      <p className="mt-1 mb-3 text-body text-text-2">
        {t(
          "A page proves who its user is by the HMAC-SHA256 of the user's id under this secret. Only your server may know it.",
        )}
      </p>
      {data ? (
        <Button onClick={() => setOpen(true)}>
          {exists ? t("Replace identity secret") : t("Make identity secret")}
        </Button>
      ) : error ? (
        <ErrorState title={t("Could not load the project.")} error={error} onRetry={refetch} />
      ) : (
        <Skeleton className="h-8 w-44" />
      )}
      <Dialog
        open={open}
        onClose={close}
        title={
          rotate.data
            ? t("The new identity secret")
            : exists
              ? t("Replace identity secret?")
              : t("Make identity secret?")
        }
        description={
          rotate.data
            ? t("It is shown this once: copy it now.")
            : exists
              ? t("Hashes under the present one are refused from then on.")
              : t("It is shown once.")
        }
        actions={
          rotate.data ? (
            <Button look="primary" onClick={close}>
              {t("Done")}
            </Button>
          ) : (
            <Button
              look={exists ? "danger" : "primary"}
              busy={rotate.isPending}
              onClick={() => rotate.mutate()}
            >
              {exists ? t("Replace secret") : t("Make secret")}
            </Button>
          )
        }
      >
        {rotate.data && (
          <div className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-sunken p-4">
            <code className="min-w-0 flex-1 select-all break-all text-text">{rotate.data.secret}</code>
            <CopyButton text={rotate.data.secret} label={t("Copy secret")} />
          </div>
        )}
      </Dialog>
    </section>
  );
}

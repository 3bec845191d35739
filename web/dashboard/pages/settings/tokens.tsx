import { api, sent } from "@client/api";
import { useMemberName } from "@dashboard/data/members";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { EmptyState, ErrorState, Loading, SkeletonRows } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { Plus, Terminal } from "lucide-react";
import { useState } from "react";
import { type Token, tokensQuery } from "./data";
import { Section } from "./section";
import { Shown } from "./shown";

/** What one's own programs manage projects with. */
export function Tokens() {
  const queryClient = useQueryClient();
  const tokens = useQuery(tokensQuery);
  const nameOf = useMemberName();
  const [open, setOpen] = useState(false);
  const [revoking, setRevoking] = useState<Token>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
  const revoke = useMutation({
    mutationFn: (tokenId: string) =>
      api.DELETE("/api/v1/tokens/{tokenId}", { params: { path: { tokenId } } }),
    onSuccess: () => {
      setRevoking(undefined);
      return refresh();
    },
  });
  const create = (
    <Button look="primary" icon={Plus} onClick={() => setOpen(true)}>
      {t("Create token")}
    </Button>
  );
  return (
    <Section
      title={t("Developer tokens")}
      hint={t("They may what you may, over the API and the command line.")}
      actions={create}
    >
      {tokens.isPending && (
        <Loading what={t("tokens")}>
          <SkeletonRows />
        </Loading>
      )}
      {tokens.isError && (
        <ErrorState
          title={t("Could not load the tokens.")}
          error={tokens.error}
          onRetry={() => tokens.refetch()}
        />
      )}
      {tokens.data?.length === 0 && (
        <EmptyState icon={Terminal} title={t("A token lets your own programs do what you can do here")} />
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Table
          label={t("Developer tokens")}
          rows={tokens.data}
          columns={columns(nameOf, setRevoking)}
          rowKey={each => each.id}
        />
      )}
      {open && <NewToken onClose={() => setOpen(false)} onMade={refresh} />}
      <Dialog
        open={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t("Revoke %{name}?", { name: revoking?.name })}
        description={t("Whatever uses it stops at once, and it cannot be brought back.")}
        actions={
          <>
            <Button onClick={() => setRevoking(undefined)}>{t("Keep token")}</Button>
            <Button
              look="danger"
              busy={revoke.isPending}
              onClick={() => revoking && revoke.mutate(revoking.id)}
            >
              {t("Revoke token")}
            </Button>
          </>
        }
      />
    </Section>
  );
}

const columns = (
  nameOf: (id: string) => string | undefined,
  onRevoke: (token: Token) => void,
): Column<Token>[] => [
  { id: "name", title: t("Name"), cell: token => <span title={token.name}>{token.name}</span> },
  { id: "member", title: t("Of"), minor: true, cell: token => nameOf(token.memberId) ?? "–" },
  {
    id: "prefix",
    title: t("Begins with"),
    width: "144px",
    minor: true,
    cell: token => <code>{token.prefix}…</code>,
  },
  {
    id: "used",
    title: t("Last used"),
    width: "128px",
    minor: true,
    cell: token => <Time at={token.lastUsedAt} />,
  },
  {
    id: "expires",
    title: t("Expires"),
    width: "128px",
    minor: true,
    cell: token => <Time at={token.expiresAt} />,
  },
  {
    id: "revoke",
    title: "",
    width: "88px",
    align: "end",
    cell: token => (
      <Button
        dense
        look="quiet"
        aria-label={t("Revoke %{name}", { name: token.name })}
        onClick={() => onRevoke(token)}
      >
        {t("Revoke")}
      </Button>
    ),
  },
];

function NewToken({ onClose, onMade }: { readonly onClose: () => void; readonly onMade: () => void }) {
  const [name, setName] = useState("");
  const make = useMutation({
    meta: { quiet: true },
    mutationFn: () => sent(api.POST("/api/v1/tokens", { body: { name: name.trim() } })),
    onSuccess: onMade,
  });
  if (make.data) {
    return (
      <Shown
        title={t("%{name} is ready", { name: make.data.name })}
        secret={make.data.token}
        what={t("token")}
        onClose={onClose}
      />
    );
  }
  return (
    <FormDialog
      title={t("Create token")}
      act={t("Create token")}
      busy={make.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Field label={t("Name")} hint={t("To know it by later.")} error={make.error?.message}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
      </Field>
    </FormDialog>
  );
}

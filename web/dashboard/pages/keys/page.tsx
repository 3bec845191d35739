import { useMay } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { Icon } from "@ui/icon";
import { EmptyState, ErrorState, Loading, Skeleton } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { type Key, keysQuery } from "./data";
import { IdentitySecret } from "./identity-secret";
import { NewKeyDialog } from "./new-key";
import { RevokeKey } from "./revoke-key";
import { route } from "./route";

/** What programs and pages talk to the project with. */
export default function KeysPage() {
  const { projectId } = route.useParams();
  const { new: type } = route.useSearch();
  const navigate = route.useNavigate();
  const keys = useQuery(keysQuery(projectId));
  const owns = useMay("own");
  const [revoking, setRevoking] = useState<Key>();
  const newKey = owns && (
    <Link from={route.fullPath} to="." search={{ new: "secret" }} className={buttonClass("primary")}>
      <Icon of={Plus} />
      {t("Create key")}
    </Link>
  );
  return (
    <Page title={t("Keys")} actions={newKey} api={`/api/v1/projects/${projectId}/api-keys`}>
      {keys.isPending && (
        <Loading what={t("keys")} className="flex flex-col gap-px">
          {["a", "b", "c"].map(row => (
            <Skeleton key={row} className="h-10" />
          ))}
        </Loading>
      )}
      {keys.isError && (
        <ErrorState title={t("Could not load the keys.")} error={keys.error} onRetry={() => keys.refetch()} />
      )}
      {keys.data?.length === 0 && (
        <EmptyState
          icon={KeyRound}
          title={t("A key lets a program or a web page talk to this project")}
          actions={newKey}
        >
          {t(
            "A secret key is for servers. A widget key may stand in a page's source: it works only from the origins you name.",
          )}
        </EmptyState>
      )}
      {keys.data && keys.data.length > 0 && (
        <Table
          label={t("Keys")}
          rows={keys.data}
          columns={columns(owns ? setRevoking : undefined)}
          rowKey={key => key.id}
        />
      )}
      {owns && <IdentitySecret projectId={projectId} />}
      {owns && type && (
        <NewKeyDialog projectId={projectId} type={type} onClose={() => navigate({ search: {} })} />
      )}
      {revoking && (
        <RevokeKey projectId={projectId} revoked={revoking} onClose={() => setRevoking(undefined)} />
      )}
    </Page>
  );
}

const columns = (onRevoke: ((key: Key) => void) | undefined): Column<Key>[] => [
  { id: "name", title: t("Name"), cell: key => <span title={key.name}>{key.name}</span> },
  {
    id: "type",
    title: t("Type"),
    width: "88px",
    cell: key => (
      <Badge tone={key.type === "widget" ? "info" : "neutral"}>
        {key.type === "widget" ? t("Widget") : t("Secret")}
      </Badge>
    ),
  },
  {
    id: "prefix",
    title: t("Begins with"),
    width: "120px",
    minor: true,
    cell: key => <code>{key.prefix}…</code>,
  },
  {
    id: "origins",
    title: t("Origins"),
    minor: true,
    cell: key =>
      key.type === "secret" ? (
        <span className="text-text-3">–</span>
      ) : (
        key.allowedOrigins.join(", ") || t("None: works nowhere")
      ),
  },
  {
    id: "used",
    title: t("Last used"),
    width: "120px",
    minor: true,
    cell: key => <Time at={key.lastUsedAt} />,
  },
  {
    id: "expires",
    title: t("Expires"),
    width: "120px",
    minor: true,
    cell: key => <Time at={key.expiresAt} />,
  },
  {
    id: "revoke",
    title: "",
    width: "88px",
    align: "end",
    cell: key =>
      onRevoke && (
        <Button
          dense
          look="quiet"
          aria-label={t("Revoke %{name}", { name: key.name })}
          onClick={() => onRevoke(key)}
        >
          {t("Revoke")}
        </Button>
      ),
  },
];

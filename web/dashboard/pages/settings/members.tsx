import { api } from "@client/api";
import { type Member, membersQuery } from "@dashboard/data/members";
import { ROLE_OPTIONS, ROLES, type Role } from "@dashboard/data/roles";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Select } from "@ui/select";
import { ErrorState, Loading, SkeletonRows } from "@ui/states";
import { type Column, Table } from "@ui/table";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { UserPlus } from "lucide-react";
import { useState } from "react";
import { Invitations } from "./invitations";
import { Invite } from "./invite";
import { Section } from "./section";

/** Who works on the account's projects, and as what. */
export function Members({ owner }: { readonly owner: boolean }) {
  const queryClient = useQueryClient();
  const members = useQuery(membersQuery);
  const [inviting, setInviting] = useState(false);
  const [removing, setRemoving] = useState<Member>();
  const refresh = () => queryClient.invalidateQueries({ queryKey: membersQuery.queryKey });
  const change = useMutation({
    mutationFn: ({ memberId, role }: { memberId: string; role: Role }) =>
      api.PATCH("/api/v1/members/{memberId}", { params: { path: { memberId } }, body: { role } }),
    onSettled: refresh,
  });
  const remove = useMutation({
    mutationFn: (memberId: string) =>
      api.DELETE("/api/v1/members/{memberId}", { params: { path: { memberId } } }),
    onSuccess: () => {
      setRemoving(undefined);
      return refresh();
    },
  });
  const setRole = (memberId: string, role: Role) => change.mutate({ memberId, role });
  return (
    <div className="flex flex-col gap-10">
      <Section
        title={t("Members")}
        hint={t("A role holds for all projects of the account.")}
        actions={
          owner && (
            <Button look="primary" icon={UserPlus} onClick={() => setInviting(true)}>
              {t("Invite somebody")}
            </Button>
          )
        }
      >
        {members.isPending && (
          <Loading what={t("members")}>
            <SkeletonRows />
          </Loading>
        )}
        {members.isError && (
          <ErrorState
            title={t("Could not load the members.")}
            error={members.error}
            onRetry={() => members.refetch()}
          />
        )}
        {members.data && (
          <Table
            label={t("Members")}
            rows={members.data}
            rowKey={member => member.id}
            columns={columns(owner, members.data, setRole, setRemoving)}
          />
        )}
      </Section>
      {owner && <Invitations />}
      {inviting && <Invite onClose={() => setInviting(false)} />}
      <Dialog
        open={removing !== undefined}
        onClose={() => setRemoving(undefined)}
        title={t("Remove %{name}?", { name: removing?.name })}
        description={t("They are signed out and their tokens stop, at once. What they made stays.")}
        actions={
          <>
            <Button onClick={() => setRemoving(undefined)}>{t("Keep member")}</Button>
            <Button
              look="danger"
              busy={remove.isPending}
              onClick={() => removing && remove.mutate(removing.id)}
            >
              {t("Remove member")}
            </Button>
          </>
        }
      />
    </div>
  );
}

function columns(
  owner: boolean,
  all: readonly Member[],
  onRole: (memberId: string, role: Role) => void,
  onRemove: (member: Member) => void,
): Column<Member>[] {
  const owners = all.filter(each => each.role === "owner").length;
  const isLast = (member: Member) => member.role === "owner" && owners === 1;
  return [
    { id: "name", title: t("Name"), cell: member => <span title={member.name}>{member.name}</span> },
    { id: "login", title: t("Sign-in name"), minor: true, cell: member => member.login ?? "–" },
    {
      id: "role",
      title: t("Role"),
      width: "152px",
      cell: member =>
        owner && !isLast(member) ? (
          <Select<Role>
            dense
            label={t("Role of %{name}", { name: member.name })}
            value={member.role}
            options={ROLE_OPTIONS}
            onChange={role => onRole(member.id, role)}
          />
        ) : (
          ROLES[member.role].label
        ),
    },
    {
      id: "since",
      title: t("Since"),
      width: "128px",
      minor: true,
      cell: member => <Time at={member.createdAt} />,
    },
    {
      id: "remove",
      title: "",
      width: "96px",
      align: "end",
      cell: member =>
        owner &&
        !isLast(member) && (
          <Button
            dense
            look="quiet"
            aria-label={t("Remove %{name}", { name: member.name })}
            onClick={() => onRemove(member)}
          >
            {t("Remove")}
          </Button>
        ),
    },
  ];
}

import { ApiError, api, sent } from "@client/api";
import { ROLE_OPTIONS, type Role } from "@dashboard/data/roles";
import { providerQuery } from "@dashboard/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { Select } from "@ui/select";
import { useState } from "react";
import { invitationsQuery } from "./data";
import { Shown } from "./shown";

/** Makes a link that somebody becomes a member by; it is shown this once. */
export function Invite({ onClose }: { readonly onClose: () => void }) {
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const { data: ways } = useQuery(providerQuery);
  const [role, setRole] = useState<Role>("editor");
  const invite = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      sent(
        api.POST("/api/v1/invitations", { body: { name: name.trim(), role, email: email.trim() || null } }),
      ),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  if (invite.data) {
    return (
      <Shown
        title={`Send this to ${invite.data.name}`}
        secret={`${location.origin}${invite.data.path}`}
        what="link"
        onClose={onClose}
      />
    );
  }
  const wrong = invite.error instanceof ApiError ? invite.error.at("email") : undefined;
  return (
    <FormDialog
      title="Invite somebody"
      description="You get a link to send. It works once, within 7 days."
      act="Make link"
      busy={invite.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field label="Name" error={wrong ? undefined : invite.error?.message}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
      </Field>
      {ways?.provider && (
        <Field
          label="E-mail"
          hint={`With it they also join by ${ways.provider}, without the link.`}
          error={wrong}
        >
          <Input
            type="email"
            value={email}
            onChange={event => setEmail(event.target.value)}
            maxLength={254}
          />
        </Field>
      )}
      <Field label="Role">
        <Select<Role> value={role} onChange={setRole} options={ROLE_OPTIONS} />
      </Field>
    </FormDialog>
  );
}

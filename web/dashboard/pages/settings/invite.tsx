import { ApiError, api, sent } from "@client/api";
import { ROLE_OPTIONS, type Role } from "@dashboard/data/roles";
import { providerQuery } from "@dashboard/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { Select } from "@ui/select";
import { t } from "@ui/words";
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
        title={t("Send this to %{name}", { name: invite.data.name })}
        secret={`${location.origin}${invite.data.path}`}
        what={t("link")}
        onClose={onClose}
      />
    );
  }
  const wrong = invite.error instanceof ApiError ? invite.error.at("email") : undefined;
  return (
    <FormDialog
      title={t("Invite somebody")}
      description={t("You get a link to send. It works once, within 7 days.")}
      act={t("Make link")}
      busy={invite.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field label={t("Name")} error={wrong ? undefined : invite.error?.message}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
      </Field>
      {ways?.provider && (
        <Field
          label={t("E-mail")}
          hint={t("With it they also join by %{provider}, without the link.", { provider: ways.provider })}
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
      <Field label={t("Role")}>
        <Select<Role> value={role} onChange={setRole} options={ROLE_OPTIONS} />
      </Field>
    </FormDialog>
  );
}

import { ApiError, api } from "@client/api";
import { addPasskey } from "@dashboard/passkey";
import { useMutation } from "@tanstack/react-query";
import { Field, Input } from "@ui/field";
import { FormDialog } from "@ui/form-dialog";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useState } from "react";
import type { Passkey } from "./data";

interface Closing {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Names a new passkey and has the device make it; asks for the password where the server does. */
export function NewPasskey({ onClose, onDone }: Closing) {
  const [name, setName] = useState("");
  const [current, setCurrent] = useState("");
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: () => addPasskey(name.trim(), current || null),
    onSuccess: () => {
      toast(t("Passkey added"));
      onDone();
      onClose();
    },
  });
  const wanted = add.error instanceof ApiError ? add.error.at("current") : undefined;
  return (
    <FormDialog
      title={t("Add passkey")}
      description={t("Your browser asks for your fingerprint, face, PIN or security key.")}
      act={t("Add passkey")}
      busy={add.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field
        label={t("Name")}
        hint={t("To know it by later: the device it is on.")}
        error={wanted ? undefined : add.error?.message}
      >
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
      </Field>
      {(wanted || current) && (
        <Field label={t("Present password")} error={wanted}>
          <Input
            name="current-password"
            type="password"
            value={current}
            onChange={event => setCurrent(event.target.value)}
            autoComplete="current-password"
          />
        </Field>
      )}
    </FormDialog>
  );
}

/** Another name for a passkey. */
export function NamePasskey({ passkey, onClose, onDone }: Closing & { readonly passkey: Passkey }) {
  const [name, setName] = useState(passkey.name);
  const rename = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      api.PATCH("/api/v1/passkeys/{passkeyId}", {
        params: { path: { passkeyId: passkey.id } },
        body: { name: name.trim() },
      }),
    onSuccess: () => {
      onDone();
      onClose();
    },
  });
  return (
    <FormDialog
      title={t("Rename passkey")}
      act={t("Save name")}
      busy={rename.isPending}
      ready={name.trim() !== ""}
      onSubmit={() => rename.mutate()}
      onClose={onClose}
    >
      <Field label={t("Name")} error={rename.error?.message}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
      </Field>
    </FormDialog>
  );
}

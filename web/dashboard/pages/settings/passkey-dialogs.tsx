import { ApiError, api } from "@client/api";
import { addPasskey } from "@dashboard/passkey";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { toast } from "@ui/toast";
import { type FormEvent, useId, useState } from "react";
import type { Passkey } from "./data";

interface Closing {
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Names a new passkey and has the device make it; asks for the password where the server does. */
export function NewPasskey({ onClose, onDone }: Closing) {
  const form = useId();
  const [name, setName] = useState("");
  const [current, setCurrent] = useState("");
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: () => addPasskey(name.trim(), current || null),
    onSuccess: () => {
      toast("Passkey added");
      onDone();
      onClose();
    },
  });
  const wanted = add.error instanceof ApiError ? add.error.at("current") : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Add passkey"
      description="Your browser asks for your fingerprint, face, PIN or security key."
      actions={
        <Button look="primary" type="submit" form={form} busy={add.isPending} disabled={!name.trim()}>
          Add passkey
        </Button>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label="Name"
          hint="To know it by later: the device it is on."
          error={wanted ? undefined : add.error?.message}
        >
          <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
        </Field>
        {(wanted || current) && (
          <Field label="Present password" error={wanted}>
            <Input
              name="current-password"
              type="password"
              value={current}
              onChange={event => setCurrent(event.target.value)}
              autoComplete="current-password"
            />
          </Field>
        )}
      </form>
    </Dialog>
  );
}

/** Another name for a passkey. */
export function NamePasskey({ passkey, onClose, onDone }: Closing & { readonly passkey: Passkey }) {
  const form = useId();
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
  const submit = (event: FormEvent) => {
    event.preventDefault();
    rename.mutate();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Rename passkey"
      actions={
        <Button look="primary" type="submit" form={form} busy={rename.isPending} disabled={!name.trim()}>
          Save name
        </Button>
      }
    >
      <form id={form} onSubmit={submit}>
        <Field label="Name" error={rename.error?.message}>
          <Input value={name} onChange={event => setName(event.target.value)} maxLength={128} dir="auto" />
        </Field>
      </form>
    </Dialog>
  );
}

import { ApiError } from "@client/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Switch } from "@ui/choice";
import { Dialog } from "@ui/dialog";
import { Field, Input, Textarea } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { type FormEvent, useId, useState } from "react";
import { type KeyType, keysQuery, makeKey, type NewKey } from "./data";
import { NewKeyShown } from "./new-key-shown";
import { route } from "./route";

const TYPES = [
  { value: "secret", label: t("Secret"), hint: t("For your servers: opens everything of the project") },
  { value: "widget", label: t("Widget"), hint: t("For web pages: only from the origins you name") },
] as const;

export interface NewKeyDialogProps {
  readonly projectId: string;
  readonly type: KeyType;
  readonly onClose: () => void;
}

/** Makes a key, then shows it this once. */
export function NewKeyDialog({ projectId, type, onClose }: NewKeyDialogProps) {
  const navigate = route.useNavigate();
  const queryClient = useQueryClient();
  const form = useId();
  const [name, setName] = useState("");
  const [origins, setOrigins] = useState("");
  const [requireIdentity, setRequireIdentity] = useState(false);
  const make = useMutation({
    meta: { quiet: true },
    mutationFn: (body: NewKey) => makeKey(projectId, body),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: keysQuery(projectId).queryKey }),
  });
  const widget = type === "widget";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const allowedOrigins = widget ? origins.split(/[\s,]+/).filter(Boolean) : [];
    make.mutate({ name: name.trim(), type, allowedOrigins, requireIdentity: widget && requireIdentity });
  };
  if (make.data) {
    return (
      <Dialog
        open
        wide
        onClose={onClose}
        title={t("%{name} is ready", { name: make.data.name })}
        description={t("The key is shown this once: copy it now.")}
        actions={
          <Button look="primary" onClick={onClose}>
            {t("Done")}
          </Button>
        }
      >
        <NewKeyShown made={make.data} />
      </Dialog>
    );
  }
  const error = make.error instanceof ApiError ? make.error : undefined;
  const originError = error?.details.find(detail => detail.path.startsWith("allowedOrigins"))?.message;
  return (
    <Dialog
      open
      onClose={onClose}
      title={t("Create key")}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="primary" type="submit" form={form} busy={make.isPending} disabled={!name.trim()}>
            {t("Create key")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field
          label={t("Name")}
          hint={t("To know it by later.")}
          error={error && !originError ? (error.at("name") ?? error.message) : undefined}
        >
          <Input
            value={name}
            onChange={event => setName(event.target.value)}
            maxLength={128}
            dir="auto"
            autoFocus
          />
        </Field>
        <Field label={t("Type")}>
          <Select<KeyType>
            value={type}
            options={TYPES}
            onChange={next => navigate({ search: { new: next }, replace: true })}
          />
        </Field>
        {widget && (
          <>
            <Field
              label={t("Origins")}
              hint={t(
                "One a line: scheme, host and, if it is not the usual one, port, like https://shop.example.",
              )}
              error={originError}
            >
              <Textarea
                value={origins}
                onChange={event => setOrigins(event.target.value)}
                spellCheck={false}
                rows={3}
              />
            </Field>
            <Switch
              label={t("Verified users only")}
              hint={t("Each request has to show the user's hash under the identity secret.")}
              checked={requireIdentity}
              onChange={setRequireIdentity}
            />
          </>
        )}
      </form>
    </Dialog>
  );
}

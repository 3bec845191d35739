import { ApiError } from "@client/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { type Deployment, deliveriesQuery, sendTest } from "./data";

/** Writes to somebody at the channel, to see that it arrives. */
export function TestMessage({
  projectId,
  deployment,
}: {
  readonly projectId: string;
  readonly deployment: Deployment;
}) {
  const queryClient = useQueryClient();
  const [to, setTo] = useState("");
  const [text, setText] = useState(t("This is a test."));
  const send = useMutation({
    meta: { quiet: true },
    mutationFn: () => sendTest(projectId, deployment.id, { text: text.trim(), to: to.trim() || null }),
    onSuccess: () => {
      toast(t("Test message on its way"), { description: t("What comes of it stands below, under Sent.") });
      return queryClient.invalidateQueries({ queryKey: deliveriesQuery(projectId, deployment.id).queryKey });
    },
  });
  const error = send.error instanceof ApiError ? send.error : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-4" noValidate aria-label={t("Test message")}>
      <h2 className="font-semibold text-lead">{t("Send a test message")}</h2>
      <Field
        label={t("To")}
        hint={t("What the channel calls them: a number, an address, an id. Left empty, who wrote last.")}
        error={error?.at("to")}
      >
        <Input
          value={to}
          onChange={event => setTo(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <Field label={t("Text")} error={error && !error.at("to") ? error.message : undefined}>
        <Input value={text} onChange={event => setText(event.target.value)} maxLength={1000} dir="auto" />
      </Field>
      <div>
        <Button type="submit" busy={send.isPending} disabled={!text.trim()}>
          {t("Send test message")}
        </Button>
      </div>
    </form>
  );
}

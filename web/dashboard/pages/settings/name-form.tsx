import { ApiError, api } from "@client/api";
import { membersQuery } from "@dashboard/data/members";
import { sessionQuery } from "@dashboard/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { ErrorState } from "@ui/states";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { Section } from "./section";

/** What one is called, by the team and by whom one answers. */
export function NameForm() {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const members = useQuery(membersQuery);
  const known = members.data?.find(each => each.id === session?.memberId)?.name;
  const [name, setName] = useState<string>();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.PUT("/api/v1/session/name", { body: { name: name ?? "" } }),
    onSuccess: () => {
      toast(t("Name saved"));
      return queryClient.invalidateQueries();
    },
  });
  const error = save.error instanceof ApiError ? save.error : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  if (members.isError) {
    return (
      <Section title={t("What you are called")}>
        <ErrorState
          title={t("Could not load your name.")}
          error={members.error}
          onRetry={() => members.refetch()}
        />
      </Section>
    );
  }
  return (
    <Section title={t("What you are called")} hint={t("The team sees it, and users whom you answer.")}>
      <form onSubmit={submit} className="flex max-w-sm flex-col gap-4">
        <Field label={t("Your name")} error={error?.at("name") ?? error?.message}>
          <Input
            name="name"
            value={name ?? known ?? ""}
            disabled={members.isPending}
            onChange={event => setName(event.target.value)}
            autoComplete="name"
            maxLength={128}
          />
        </Field>
        <div>
          <Button type="submit" busy={save.isPending} disabled={!name?.trim() || name.trim() === known}>
            {t("Save name")}
          </Button>
        </div>
      </form>
    </Section>
  );
}

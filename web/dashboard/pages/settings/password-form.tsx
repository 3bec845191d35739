import { ApiError, api } from "@client/api";
import { membersQuery } from "@dashboard/data/members";
import { sessionQuery } from "@dashboard/session";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { Section } from "./section";

/** What one signs in by. */
export function PasswordForm() {
  const queryClient = useQueryClient();
  const { data: session } = useQuery(sessionQuery);
  const { data: members } = useQuery(membersQuery);
  const known = members?.find(each => each.id === session?.memberId)?.login;
  const [login, setLogin] = useState<string>();
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () => {
      const body = { login: login ?? known ?? "", password, current: current || null };
      return api.PUT("/api/v1/session/password", { body });
    },
    onSuccess: () => {
      setCurrent("");
      setPassword("");
      toast(t("Password saved"), { description: t("Other browsers are signed out.") });
      return queryClient.invalidateQueries();
    },
  });
  const error = save.error instanceof ApiError ? save.error : undefined;
  const atField = error?.details.some(detail => ["login", "password", "current"].includes(detail.path));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Section
      title={t("Password")}
      hint={
        known ? t("Another password ends all other sign-ins.") : t("With one you need no link to sign in.")
      }
    >
      <form onSubmit={submit} className="flex max-w-sm flex-col gap-4">
        <Field label={t("Sign-in name")} error={error?.at("login")}>
          <Input
            name="username"
            value={login ?? known ?? ""}
            onChange={event => setLogin(event.target.value)}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
        </Field>
        {known && (
          <Field
            label={t("Present password")}
            hint={t("Not asked for within 15 minutes of a sign-in link.")}
            error={error?.at("current")}
          >
            <Input
              name="current-password"
              type="password"
              value={current}
              onChange={event => setCurrent(event.target.value)}
              autoComplete="current-password"
            />
          </Field>
        )}
        <Field
          label={t("New password")}
          hint={t("At least 10 characters.")}
          error={error?.at("password") ?? (atField ? undefined : save.error?.message)}
        >
          <Input
            name="new-password"
            type="password"
            value={password}
            onChange={event => setPassword(event.target.value)}
            autoComplete="new-password"
            minLength={10}
          />
        </Field>
        <Button
          type="submit"
          className="self-start"
          busy={save.isPending}
          disabled={!(login ?? known) || password.length < 10}
        >
          {t("Save password")}
        </Button>
      </form>
    </Section>
  );
}

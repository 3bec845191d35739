import { ApiError } from "@client/api";
import { ROLES } from "@dashboard/data/roles";
import { invitedQuery, join } from "@dashboard/session";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { useEnter } from "./use-enter";
import { Wrong } from "./wrong";

/** An invitation becomes a member, who signs in by name and password from then on. */
export function Join({ token }: { readonly token: string }) {
  const invited = useQuery(invitedQuery(token));
  const [name, setName] = useState<string>();
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const enter = useEnter(join);
  if (invited.isPending) {
    return (
      <Loading what={t("the invitation")} className="mt-2 flex flex-col gap-3">
        <Skeleton className="h-10" />
        <Skeleton className="h-40" />
      </Loading>
    );
  }
  if (invited.isError) {
    return <ErrorState className="mt-4" title={t("This invitation cannot be used.")} error={invited.error} />;
  }
  const { account, role, name: given } = invited.data;
  const error = enter.error instanceof ApiError ? enter.error : undefined;
  const atField = error?.at("login") ?? error?.at("password");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ token, name: name ?? given, login, password });
  };
  return (
    <form onSubmit={submit} className="mt-2 flex flex-col gap-4">
      <p className="text-body text-text-2">
        {t("You were invited to %{account} as", { account })} {ROLES[role].label.toLowerCase()}:{" "}
        {ROLES[role].hint.toLowerCase()}.
      </p>
      <Field label={t("Your name")}>
        <Input
          value={name ?? given}
          onChange={event => setName(event.target.value)}
          autoComplete="name"
          dir="auto"
        />
      </Field>
      <Field label={t("Sign-in name")} hint={t("An e-mail address does well.")} error={error?.at("login")}>
        <Input
          name="username"
          value={login}
          onChange={event => setLogin(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
        />
      </Field>
      <Field label={t("Password")} hint={t("At least 10 characters.")} error={error?.at("password")}>
        <Input
          name="password"
          type="password"
          value={password}
          onChange={event => setPassword(event.target.value)}
          autoComplete="new-password"
          minLength={10}
        />
      </Field>
      <Wrong>{atField ? undefined : enter.error?.message}</Wrong>
      <Button look="primary" type="submit" busy={enter.isPending} disabled={!login || password.length < 10}>
        {t("Join account")}
      </Button>
    </form>
  );
}

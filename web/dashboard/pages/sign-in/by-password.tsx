import { signInByPassword } from "@dashboard/session";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { useEnter } from "./use-enter";
import { Wrong } from "./wrong";

/** Name and password, as password managers fill them in. */
export function ByPassword() {
  const [login, setLogin] = useState("");
  const [password, setPassword] = useState("");
  const enter = useEnter(signInByPassword);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate({ login, password });
  };
  return (
    <form onSubmit={submit} className="mt-4 flex flex-col gap-4">
      <Field label={t("Sign-in name")}>
        <Input
          name="username"
          value={login}
          onChange={event => setLogin(event.target.value)}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          autoFocus
        />
      </Field>
      <Field label={t("Password")}>
        <Input
          name="password"
          type="password"
          value={password}
          onChange={event => setPassword(event.target.value)}
          autoComplete="current-password"
        />
      </Field>
      <Wrong>{enter.error?.message}</Wrong>
      <Button look="primary" type="submit" busy={enter.isPending} disabled={!login || !password}>
        {t("Sign in")}
      </Button>
    </form>
  );
}

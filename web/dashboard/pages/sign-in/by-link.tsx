import { ApiError } from "@client/api";
import { signIn } from "@dashboard/session";
import { Button } from "@ui/button";
import { CodeBlock } from "@ui/code";
import { Field, Input } from "@ui/field";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { useEnter } from "./use-enter";
import { Wrong } from "./wrong";

const OVER = t("This link was used already, or is older than 15 minutes.");

/** A one-time link: given by the address, or pasted. */
export function ByLink({ given }: { readonly given: string | undefined }) {
  const [pasted, setPasted] = useState("");
  const enter = useEnter(signIn);
  const over = enter.error instanceof ApiError && enter.error.status === 401;
  const token = given ?? tokenOf(pasted);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    enter.mutate(token);
  };
  const form = (
    <form onSubmit={submit} className="mt-2 flex flex-col gap-3">
      {given ? (
        <p className="text-body text-text-2">
          {t("The link works once and keeps you signed in on this browser for 30 days.")}
        </p>
      ) : (
        <Field label={t("Sign-in link")} hint={t("As the terminal printed it.")}>
          <Input
            value={pasted}
            onChange={event => setPasted(event.target.value)}
            autoComplete="off"
            spellCheck={false}
          />
        </Field>
      )}
      <Wrong>{over ? OVER : enter.error?.message}</Wrong>
      <Button
        look={given ? "primary" : "secondary"}
        type="submit"
        busy={enter.isPending}
        disabled={!token}
        autoFocus={given !== undefined}
      >
        {given ? t("Sign in") : t("Sign in with link")}
      </Button>
    </form>
  );
  const command = (
    <>
      <p className="mt-4 mb-2 text-dense text-text-2">
        {t("On the machine that serves this, print a new link:")}
      </p>
      <CodeBlock label={t("Command")} code="conduet link" />
      <p className="mt-2 text-dense text-text-2">
        {t("Where the server was started with --data, give the command the same --data.")}
      </p>
    </>
  );
  if (given) {
    return (
      <>
        {form}
        {over && command}
      </>
    );
  }
  return (
    <details className="mt-6 border-line border-t pt-3">
      <summary className="flex min-h-8 cursor-pointer items-center rounded-control text-accent-text text-body">
        {t("Use a sign-in link")}
      </summary>
      {form}
      {command}
    </details>
  );
}

/** The token in what was pasted: a whole link, or the token alone. */
function tokenOf(text: string): string {
  return /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text.trim();
}

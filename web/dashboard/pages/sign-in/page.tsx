import { ApiError } from "@client/api";
import { sessionQuery, signIn } from "@dashboard/session";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Button } from "@ui/button";
import { CodeBlock } from "@ui/code";
import { Field, Input } from "@ui/field";
import { type FormEvent, useState } from "react";
import { route } from "./route";

/** Trades a one-time link for a session, or tells how to get a link. */
export default function SignInPage() {
  const { token: given, next = "/" } = route.useSearch();
  const [pasted, setPasted] = useState("");
  const router = useRouter();
  const queryClient = useQueryClient();
  const token = given ?? tokenOf(pasted);
  const trade = useMutation({
    meta: { quiet: true },
    mutationFn: signIn,
    onSuccess: session => {
      queryClient.setQueryData(sessionQuery.queryKey, session);
      router.history.replace(next);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    trade.mutate(token);
  };
  const over = trade.error instanceof ApiError && trade.error.status === 401;
  return (
    <main className="flex min-h-dvh items-start justify-center bg-sunken px-4 pt-[16vh] pb-8">
      <title>Sign in · Conduet</title>
      <div className="w-full max-w-sm rounded-panel border border-line bg-surface p-6">
        <p className="mb-6 flex items-center gap-2 font-semibold text-body">
          <img src="/favicon.svg" alt="" className="size-6" />
          Conduet
        </p>
        <h1 className="font-semibold text-title text-text">Sign in</h1>
        <form onSubmit={submit} className="mt-2 flex flex-col gap-4">
          {given ? (
            <p className="text-body text-text-2">
              The link works once and keeps you signed in on this browser for 30 days.
            </p>
          ) : (
            <Field label="Sign-in link" hint="As the terminal printed it.">
              <Input
                value={pasted}
                onChange={event => setPasted(event.target.value)}
                autoComplete="one-time-code"
                spellCheck={false}
                autoFocus
              />
            </Field>
          )}
          <div role="alert">
            {trade.error && (
              <p className="rounded-control bg-bad-soft px-3 py-2 text-bad text-body">
                {over ? "This link was used already, or is older than 15 minutes." : trade.error.message}
              </p>
            )}
          </div>
          <Button look="primary" type="submit" busy={trade.isPending} disabled={!token} autoFocus={!!given}>
            Sign in
          </Button>
        </form>
        {(over || !given) && (
          <div className="mt-6 border-line border-t pt-4">
            <p className="mb-2 text-dense text-text-2">On the machine that serves this, print a new link:</p>
            <CodeBlock label="Command" code="conduet link" />
          </div>
        )}
      </div>
    </main>
  );
}

/** The token in what was pasted: a whole link, or the token alone. */
function tokenOf(text: string): string {
  return /[?&]token=([^&\s]+)/.exec(text)?.[1] ?? text.trim();
}

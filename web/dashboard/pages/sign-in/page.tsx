import { hasPasskeys } from "@dashboard/passkey";
import { t } from "@ui/words";
import type { ReactNode } from "react";
import { ByLink } from "./by-link";
import { ByPasskey } from "./by-passkey";
import { ByPassword } from "./by-password";
import { ByProvider } from "./by-provider";
import { Join } from "./join";
import { route } from "./route";

/** A one-time link or an invitation in the address; else name and password, or a link that is pasted. */
export default function SignInPage() {
  const { token, invitation } = route.useSearch();
  if (invitation) {
    return (
      <Card title={t("Join")}>
        <Join token={invitation} />
        <div className="mt-3 flex flex-col gap-3">
          <ByProvider invitation={invitation} />
        </div>
      </Card>
    );
  }
  return (
    <Card title={t("Sign in")}>
      {token === undefined && <ByPassword />}
      {token === undefined && (
        <div className="mt-3 flex flex-col gap-3">
          {hasPasskeys() && <ByPasskey />}
          <ByProvider />
        </div>
      )}
      <ByLink given={token} />
    </Card>
  );
}

function Card({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className="flex min-h-dvh items-start justify-center bg-sunken px-4 pt-[12vh] pb-8">
      <title>{t("%{title} · Conduet", { title })}</title>
      <div className="w-full max-w-sm rounded-panel border border-line bg-surface p-6">
        <p className="mb-6 flex items-center gap-2 font-semibold text-body">
          <img src="/favicon.svg" alt="" className="size-6" />
          {t("Conduet")}
        </p>
        <h1 className="font-semibold text-title text-text">{title}</h1>
        {children}
      </div>
    </main>
  );
}

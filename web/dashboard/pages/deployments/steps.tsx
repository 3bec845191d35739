import { CopyButton } from "@ui/copy-button";
import { t } from "@ui/words";
import type { Channel } from "./data";

/** What there is to do at the vendor's, in its order, with the address of the webhook once there is one. */
export function Steps({ kind, webhook }: { readonly kind: Channel; readonly webhook?: string }) {
  return (
    <section aria-labelledby="steps" className="flex flex-col gap-3">
      <h2 id="steps" className="font-semibold text-lead">
        {t("Set it up")}
      </h2>
      {webhook && (
        <div className="flex items-center gap-2 rounded-control border border-line bg-sunken ps-3">
          <div className="min-w-0 flex-1 py-2">
            <p className="text-caption text-text-2">{t("Webhook address")}</p>
            <p className="break-all font-mono text-dense text-text">{webhook}</p>
          </div>
          <CopyButton text={webhook} what={t("Copy webhook address")} />
        </div>
      )}
      <ol className="flex list-decimal flex-col gap-2 ps-5 text-body text-text-2 marker:text-text-3">
        {kind.steps.map(step => (
          <li key={step} className="text-pretty break-words ps-1">
            {step.replaceAll("{webhook}", t("the webhook address"))}
          </li>
        ))}
      </ol>
      {kind.webhook && !webhook && (
        <p className="text-caption text-text-2">
          {t("You get the webhook address when the channel is added.")}
        </p>
      )}
    </section>
  );
}

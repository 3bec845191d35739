import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { CodeBlock } from "@ui/code";
import { CopyButton } from "@ui/copy-button";
import { Field, Input } from "@ui/field";
import { useDisabled } from "@ui/fieldset";
import { Icon } from "@ui/icon";
import { EmptyState } from "@ui/states";
import { Tabs } from "@ui/tabs";
import { t } from "@ui/words";
import { ExternalLink, MessageCircle } from "lucide-react";
import { useState } from "react";
import type { DeploymentProps } from "./deployment-view";
import { type Look, patchOf, snippetOf } from "./look";
import { LookForm } from "./look-form";
import { type SavedProps, useConfig } from "./use-config";
import { WidgetPreview } from "./widget-preview";

/** The chat page and the widget: how they look, and how people come to them. */
export function WebChat(props: SavedProps) {
  const { projectId, deployment, kind } = props;
  const readOnly = useDisabled();
  const { config: look, setConfig: setLook, save, submit, error, problem } = useConfig<Look>(props, patchOf);
  const changed = Object.keys(patchOf(deployment.config, look)).length > 0;
  return (
    <>
      <ChatPageLink deployment={deployment} />
      <div className="grid gap-8 lg:grid-cols-[minmax(0,1fr)_320px]">
        <Preview deployment={deployment} look={look} />
        <form onSubmit={submit} className="flex flex-col gap-4" noValidate aria-label={t("Look")}>
          <h2 className="font-semibold text-lead">{t("Look")}</h2>
          <LookForm kind={kind} look={look} error={error} onChange={setLook} />
          {problem && (
            <p role="alert" className="text-body text-bad">
              {problem}
            </p>
          )}
          {!readOnly && (
            <div className="flex items-center gap-3">
              <Button look="primary" type="submit" busy={save.isPending} disabled={!changed}>
                {t("Save look")}
              </Button>
              <p role="status" className="text-dense text-text-2">
                {save.isSuccess && !changed ? t("Saved") : ""}
              </p>
            </div>
          )}
        </form>
      </div>
      <OnYourPages projectId={projectId} look={look} versionId={deployment.versionId} />
    </>
  );
}

/** The address to send somebody. */
function ChatPageLink({ deployment }: Pick<DeploymentProps, "deployment">) {
  const { page } = deployment;
  if (!page) return null;
  const url = location.origin + page.path;
  return (
    <section aria-label={t("Chat page")} className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-2 rounded-control border border-line bg-sunken p-2 ps-3">
        <div className="min-w-0 flex-1 basis-60">
          <p className="text-caption text-text-2">
            {t("Chat page: whoever has the link can talk to the agent")}
          </p>
          <p className="break-all font-mono text-dense text-text">{url}</p>
        </div>
        <CopyButton text={url} label={t("Copy link")} />
        <a href={page.path} target="_blank" rel="noreferrer" className={buttonClass()}>
          <Icon of={ExternalLink} />
          {t("Open page")}
        </a>
      </div>
      {page.key === null && (
        <p role="alert" className="text-body text-warn">
          {t(
            "The key of this page was revoked, so that nobody answers there. Pause the deployment and make it active again: that makes a new key.",
          )}
        </p>
      )}
    </section>
  );
}

function Preview({ deployment, look }: Pick<DeploymentProps, "deployment"> & { readonly look: Look }) {
  const [as, setAs] = useState<"page" | "launcher">("page");
  const key = deployment.page?.key;
  if (!key || !deployment.enabled) {
    return (
      <div className="flex items-center rounded-card border border-line bg-sunken">
        <EmptyState
          icon={MessageCircle}
          title={
            deployment.enabled ? t("The preview talks through the chat page") : t("This deployment is paused")
          }
        >
          {deployment.enabled
            ? t("Give it an address, and save: then the widget is here to try out.")
            : t("The preview is back when it is active.")}
        </EmptyState>
      </div>
    );
  }
  const preview = <WidgetPreview chatKey={key} versionId={deployment.versionId} look={look} as={as} />;
  return (
    <Tabs
      label={t("Preview")}
      value={as}
      onChange={setAs}
      tabs={[
        { value: "page", label: t("Chat page"), content: as === "page" && preview },
        { value: "launcher", label: t("On your pages"), content: as === "launcher" && preview },
      ]}
    />
  );
}

/** The line of HTML that puts the widget on a page of one's own. */
function OnYourPages({
  projectId,
  look,
  versionId,
}: {
  readonly projectId: string;
  readonly look: Look;
  readonly versionId: string;
}) {
  const [key, setKey] = useState("");
  return (
    <section aria-labelledby="widget" className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id="widget" className="font-semibold text-lead">
            {t("On your pages")}
          </h2>
          <p className="text-body text-text-2">
            {t("A widget key may stand in a page's source: it works from your origins alone.")}
          </p>
        </div>
        <Link
          to="/p/$projectId/keys"
          params={{ projectId }}
          search={{ new: "widget" }}
          className={buttonClass()}
        >
          {t("Create widget key")}
        </Link>
      </div>
      <Field label={t("Widget key")} hint={t("As it was shown when it was made.")} className="max-w-md">
        <Input
          value={key}
          onChange={event => setKey(event.target.value.trim())}
          placeholder="cdt_…"
          autoComplete="off"
          spellCheck={false}
        />
      </Field>
      <CodeBlock code={snippetOf(key, look, versionId)} label={t("Snippet")} />
    </section>
  );
}

import { CodeBlock } from "@ui/code";
import { CopyButton } from "@ui/copy-button";
import { Tabs } from "@ui/tabs";
import { t } from "@ui/words";
import { useState } from "react";
import type { MadeKey } from "./data";
import { snippetsFor } from "./snippets";

/** A new key, big, and what it is used in, filled in. */
export function NewKeyShown({ made }: { readonly made: MadeKey }) {
  const snippets = snippetsFor(made);
  const [tab, setTab] = useState(snippets[0]?.value ?? "");
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3 rounded-card border border-line bg-sunken p-4">
        <code className="min-w-0 flex-1 select-all break-all text-lead text-text">{made.key}</code>
        <CopyButton text={made.key} label={t("Copy key")} />
      </div>
      <Tabs
        label={t("Use it")}
        value={tab}
        onChange={setTab}
        tabs={snippets.map(({ value, label, code }) => ({
          value,
          label,
          content: <CodeBlock code={code} label={t("%{label} example", { label })} />,
        }))}
      />
    </div>
  );
}

import { ChevronRight } from "lucide-react";
import { CopyButton } from "./copy-button";
import { Icon } from "./icon";
import { t } from "./words";

/** Something to copy into a terminal or a file. */
export function CodeBlock({ code, label }: { readonly code: string; readonly label: string }) {
  return (
    <div className="flex items-start rounded-control border border-line bg-sunken">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard */}
      <section tabIndex={0} aria-label={label} className="min-w-0 flex-1 overflow-x-auto">
        <pre className="w-max py-2 px-3 text-dense text-text">
          <code>{code}</code>
        </pre>
      </section>
      <div className="p-1">
        <CopyButton text={code} what={t("Copy %{label}", { label: label.toLowerCase() })} />
      </div>
    </div>
  );
}

/** A JSON value: open to a depth of 2, the rest on request. */
export function JsonView({
  value,
  name,
  depth = 0,
}: {
  readonly value: unknown;
  readonly name?: string;
  readonly depth?: number;
}) {
  const entries = isBranch(value) ? Object.entries(value) : [];
  if (entries.length === 0) {
    return (
      <div className="break-words ps-5 font-mono text-dense">
        {name !== undefined && <span className="text-text-2">{name}: </span>}
        <Leaf value={value} />
      </div>
    );
  }
  const list = Array.isArray(value);
  return (
    <details open={depth < 2} className="group/json font-mono text-dense">
      <summary className="flex min-h-6 cursor-pointer list-none items-center gap-1 rounded-tag">
        <Icon of={ChevronRight} className="text-text-3 transition-transform group-open/json:rotate-90" />
        <span className="text-text-2">{name ?? (list ? t("list") : t("object"))}</span>
        <span className="text-text-3">{list ? `[${entries.length}]` : `{${entries.length}}`}</span>
      </summary>
      <div className="ms-2 border-line border-s ps-2">
        {entries.map(([key, inner]) => (
          <JsonView key={key} name={key} value={inner} depth={depth + 1} />
        ))}
      </div>
    </details>
  );
}

function isBranch(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function Leaf({ value }: { readonly value: unknown }) {
  const colour =
    typeof value === "string" ? "text-ok" : typeof value === "number" ? "text-info" : "text-text-2";
  return <span className={colour}>{value === undefined ? "–" : JSON.stringify(value)}</span>;
}

import { JsonView } from "@ui/code";
import { cx } from "@ui/cx";
import { count } from "@ui/time";
import { t } from "@ui/words";
import type { Comparison } from "./data";

const SIGNS = {
  added: {
    sign: "+",
    said: t("Added"),
    sum: (count: string) => t("%{count} added", { count }),
    className: "text-ok",
  },
  removed: {
    sign: "−",
    said: t("Removed"),
    sum: (count: string) => t("%{count} removed", { count }),
    className: "text-bad",
  },
  changed: {
    sign: "~",
    said: t("Changed"),
    sum: (count: string) => t("%{count} changed", { count }),
    className: "text-warn",
  },
  moved: {
    sign: "→",
    said: t("Moved"),
    sum: (count: string) => t("%{count} moved", { count }),
    className: "text-text-3",
  },
} as const;

interface ChangesProps {
  readonly comparison: Comparison;
  /** The one that is shown elsewhere at this moment. */
  readonly shown?: Comparison["changes"][number] | undefined;
}

/** How many parts are different. */
export function Sums({ counts }: { readonly counts: Comparison["counts"] }) {
  const sums = (["added", "changed", "removed", "moved"] as const).filter(kind => counts[kind] > 0);
  return sums.map(kind => (
    <span key={kind} className={SIGNS[kind].className}>
      {SIGNS[kind].sum(count(counts[kind]))}
    </span>
  ));
}

/** What is different, in words; each part opens to its fields. */
export function Changes({ comparison, shown }: ChangesProps) {
  const { counts, changes } = comparison;
  if (changes.length === 0) return <p className="text-text-2">{t("Nothing is different.")}</p>;
  return (
    <div className="flex flex-col gap-2">
      <p className="flex flex-wrap gap-x-4 text-dense">
        <Sums counts={counts} />
      </p>
      <ul className="flex flex-col gap-px">
        {changes.map(change => {
          const { sign, said, className } = SIGNS[change.kind];
          const line = (
            <>
              <span aria-hidden="true" className={cx("w-4 shrink-0 text-center font-mono", className)}>
                {sign}
              </span>
              <span className="sr-only">{said}: </span>
              <span dir="auto" className="min-w-0 break-words">
                {change.words}
              </span>
            </>
          );
          return (
            <li
              key={`${change.path}${change.kind}`}
              aria-current={change === shown || undefined}
              className="rounded-control text-dense aria-current:bg-accent-soft"
            >
              {change.fields.length === 0 ? (
                <p className="flex min-h-7 items-center gap-2">{line}</p>
              ) : (
                <details>
                  <summary className="flex min-h-7 cursor-pointer list-none items-center gap-2 rounded-control hover:bg-hover">
                    {line}
                  </summary>
                  <Fields fields={change.fields} />
                </details>
              )}
            </li>
          );
        })}
      </ul>
    </div>
  );
}

function Fields({ fields }: { readonly fields: Comparison["changes"][number]["fields"] }) {
  return (
    <dl className="ms-6 mb-2 flex flex-col gap-2 border-line border-s ps-3">
      {fields.map(field => (
        <div key={field.path}>
          <dt className="font-mono text-caption text-text-2">{field.path || t("whole")}</dt>
          {field.before !== undefined && (
            <dd className="rounded-tag bg-bad-soft text-bad">
              <span className="sr-only">{t("Before:")} </span>
              <JsonView value={field.before} depth={2} />
            </dd>
          )}
          {field.after !== undefined && (
            <dd className="rounded-tag bg-ok-soft text-ok">
              <span className="sr-only">{t("After:")} </span>
              <JsonView value={field.after} depth={2} />
            </dd>
          )}
        </div>
      ))}
    </dl>
  );
}

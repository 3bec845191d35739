import type { Schema } from "@client/api";
import { useMemberName } from "@dashboard/data/members";
import { useSeen } from "@dashboard/playground/use-calls";
import { Sums } from "@dashboard/publish/changes";
import { countsQuery } from "@dashboard/publish/data";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { cx } from "@ui/cx";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { useRef } from "react";
import { route } from "./route";

export type Version = Schema<"KnownVersion">;

/** Publishes and kept drafts, the latest first. */
export function Timeline({
  versions,
  opened,
}: {
  readonly versions: readonly Version[];
  readonly opened: string | undefined;
}) {
  const { projectId } = route.useParams();
  const nameOf = useMemberName();
  return (
    <ol className="flex flex-col">
      {versions.map((version, index) => (
        <li
          key={version.id}
          className={cx(
            "relative border-line border-s py-1 ps-6 before:absolute before:-start-[5px] before:top-5 before:size-[9px] before:rounded-pill",
            version.production
              ? "before:bg-ok"
              : version.published
                ? "before:bg-accent"
                : "before:bg-control",
          )}
        >
          <Link
            from={route.fullPath}
            to="."
            params={{ projectId, version: version.id }}
            search={{}}
            aria-current={version.id === opened || undefined}
            className={cx(
              "block rounded-card px-3 py-2 hover:bg-hover",
              version.id === opened && "bg-accent-soft",
            )}
          >
            <span className="flex flex-wrap items-center gap-2">
              <span dir="auto" className="min-w-0 break-words font-medium text-body">
                {version.name}
              </span>
              {version.production && <Badge tone="ok">{t("Production")}</Badge>}
              {!version.published && <Badge>{t("Kept draft")}</Badge>}
            </span>
            <span className="flex flex-wrap gap-x-3 text-caption text-text-2">
              <span>
                <Time at={version.createdAt} />
                {nameOf(version.by) && ` · ${nameOf(version.by)}`}
              </span>
              <Size
                projectId={projectId}
                version={version}
                before={versions.slice(index + 1).find(each => each.published)}
              />
            </span>
            {version.note && (
              <span dir="auto" className="mt-1 line-clamp-2 break-words text-dense text-text-2">
                {version.note}
              </span>
            )}
          </Link>
        </li>
      ))}
    </ol>
  );
}

interface SizeProps {
  readonly projectId: string;
  readonly version: Version;
  /** What was published before it. */
  readonly before: Version | undefined;
}

/** How much is different from what was published before; asked for once it is in view. */
function Size({ projectId, version, before }: SizeProps) {
  const place = useRef<HTMLSpanElement>(null);
  const seen = useSeen(place);
  const { data: counts } = useQuery({
    ...countsQuery(projectId, before?.id ?? "", version.id),
    enabled: seen && before !== undefined,
  });
  return (
    <span ref={place} className="flex min-w-px gap-x-2">
      {!before && version.published && t("First version")}
      {counts && Object.values(counts).every(each => each === 0) && t("Nothing is different.")}
      {counts && <Sums counts={counts} />}
    </span>
  );
}

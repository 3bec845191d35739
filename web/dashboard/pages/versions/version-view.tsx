import { Changes } from "@dashboard/publish/changes";
import { compareQuery, DRAFT } from "@dashboard/publish/data";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Badge } from "@ui/badge";
import { Button, buttonClass } from "@ui/button";
import { Field } from "@ui/field";
import { Icon } from "@ui/icon";
import { Select } from "@ui/select";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { X } from "lucide-react";
import { route } from "./route";
import type { Version } from "./timeline";
import { drawn } from "./union";
import { VersionActions } from "./version-actions";

export interface VersionViewProps {
  readonly projectId: string;
  readonly version: Version;
  readonly versions: readonly Version[];
}

/** One version: what can be done with it, and what is different from it. */
export function VersionView({ projectId, version, versions }: VersionViewProps) {
  const { compare = DRAFT, at } = route.useSearch();
  const navigate = route.useNavigate();
  const comparison = useQuery(compareQuery(projectId, version.id, compare));
  const others = versions.filter(each => each.id !== version.id);
  return (
    <div className="flex flex-col gap-5 p-4">
      <header className="flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <h2 dir="auto" className="break-words font-semibold text-lead">
            {version.name}
          </h2>
          <p className="mt-1 flex flex-wrap items-center gap-2 text-dense text-text-2">
            {version.production && <Badge tone="ok">{t("Production")}</Badge>}
            {!version.published && <Badge>{t("Kept draft")}</Badge>}
            <Time at={version.createdAt} />
          </p>
        </div>
        <Link
          from={route.fullPath}
          to="."
          params={{ projectId, version: undefined }}
          search={{}}
          aria-label={t("Close version")}
          className={`${buttonClass("quiet")} w-8 px-0`}
        >
          <Icon of={X} />
        </Link>
      </header>
      {version.note && (
        <p dir="auto" className="whitespace-pre-wrap break-words text-body">
          {version.note}
        </p>
      )}
      <VersionActions projectId={projectId} version={version} />
      <section aria-label={t("Changes")} className="flex flex-col gap-3 border-line border-t pt-4">
        <Field label={t("Changes from this version to")}>
          <Select
            value={compare}
            onChange={next =>
              navigate({ search: { compare: next === DRAFT ? undefined : next }, replace: true })
            }
            options={[
              { value: DRAFT, label: t("The draft") },
              ...others.map(each => ({ value: each.id, label: each.name })),
            ]}
          />
        </Field>
        {comparison.isPending && (
          <Loading what={t("changes")}>
            <Skeleton className="h-32" />
          </Loading>
        )}
        {comparison.isError && (
          <ErrorState
            title={t("Could not compare.")}
            error={comparison.error}
            onRetry={() => comparison.refetch()}
          />
        )}
        {comparison.data && drawn(comparison.data.changes).length > 0 && at === undefined && (
          <Button
            className="self-start max-md:hidden"
            onClick={() => navigate({ search: before => ({ ...before, at: 0 }) })}
          >
            {t("Show on the canvas")}
          </Button>
        )}
        {comparison.data && (
          <Changes comparison={comparison.data} shown={drawn(comparison.data.changes)[at ?? -1]} />
        )}
      </section>
    </div>
  );
}

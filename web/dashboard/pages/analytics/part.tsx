import type { UseQueryResult } from "@tanstack/react-query";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { type ReactNode, useId } from "react";

export interface PartProps<Data> {
  readonly title: string;
  readonly hint?: string;
  /** What is loaded, as "questions". */
  readonly what: string;
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** A part of the page that is loaded, and fails, by itself. */
export function Part<Data>({ title, hint, what, query, children }: PartProps<Data>) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-3">
      <div>
        <h2 id={id} className="font-semibold text-lead">
          {title}
        </h2>
        {hint && <p className="text-dense text-text-2">{hint}</p>}
      </div>
      {query.isPending && (
        <Loading what={what}>
          <Skeleton className="h-40" />
        </Loading>
      )}
      {query.isError && (
        <ErrorState
          title={t("Could not load the %{what}.", { what })}
          error={query.error}
          onRetry={() => query.refetch()}
        />
      )}
      {query.data !== undefined && children(query.data)}
    </section>
  );
}

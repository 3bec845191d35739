import { CircleAlert, type LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./button";
import { CopyButton } from "./copy-button";
import { cx } from "./cx";
import { Icon } from "./icon";
import { t } from "./words";

export interface EmptyStateProps {
  readonly icon: LucideIcon;
  /** What this is, in one sentence. */
  readonly title: string;
  readonly children?: ReactNode;
  /** The one thing to do, and one example to open. */
  readonly actions?: ReactNode;
}

/** Nothing is here yet, and what to do about it. */
export function EmptyState({ icon, title, children, actions }: EmptyStateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-4 py-12 text-center">
      <span className="flex size-10 items-center justify-center rounded-panel bg-accent-soft text-accent-text">
        <Icon of={icon} className="size-5" />
      </span>
      <h2 className="text-balance font-semibold text-lead text-text">{title}</h2>
      {children && <div className="text-pretty text-body text-text-2">{children}</div>}
      {actions && <div className="mt-1 flex flex-wrap justify-center gap-2">{actions}</div>}
    </div>
  );
}

export interface ErrorStateProps {
  /** What failed: "Could not load the documents." */
  readonly title: string;
  readonly error: unknown;
  /** What is safe, where somebody could fear for it. */
  readonly safe?: string;
  readonly onRetry?: () => void;
  readonly className?: string;
}

/** Something failed: what, whether work is safe, what to do. It stays in its panel. */
export function ErrorState({ title, error, safe, onRetry, className }: ErrorStateProps) {
  const { message, requestId } = error as { message?: string; requestId?: string | null };
  const details = [title, message, requestId && t("Request %{requestId}", { requestId })]
    .filter(Boolean)
    .join("\n");
  return (
    <div
      role="alert"
      className={cx(
        "flex flex-col items-start gap-3 rounded-card border border-line bg-surface p-4",
        className,
      )}
    >
      <div className="flex gap-2">
        <Icon of={CircleAlert} className="mt-0.5 text-bad" />
        <div className="min-w-0">
          <p className="font-medium text-body text-text">{title}</p>
          <p className="break-words text-body text-text-2">
            {message} {safe}
          </p>
        </div>
      </div>
      <div className="flex flex-wrap gap-2 ps-6">
        {onRetry && <Button onClick={onRetry}>{t("Try again")}</Button>}
        <CopyButton text={details} label={t("Copy details")} />
      </div>
    </div>
  );
}

/** The place of what is being loaded, in its final size; it shows only when that takes longer than 150 ms. */
export function Skeleton({ className }: { readonly className?: string }) {
  return <span aria-hidden="true" className={cx("skeleton block rounded-tag bg-hover", className)} />;
}

/** The place of a table's or a list's rows. */
export function SkeletonRows({
  rows = 4,
  className = "h-10",
}: {
  readonly rows?: number;
  readonly className?: string;
}) {
  return (
    <div className="flex flex-col gap-px">
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: they are all the same
        <Skeleton key={index} className={className} />
      ))}
    </div>
  );
}

/** Says to those who listen that a part is being loaded. Its children are skeletons. */
export function Loading({
  what,
  children,
  className,
}: {
  readonly what: string;
  readonly children: ReactNode;
  readonly className?: string;
}) {
  return (
    <div aria-busy="true" className={className}>
      <span className="sr-only">{t("Loading %{what}", { what })}</span>
      {children}
    </div>
  );
}

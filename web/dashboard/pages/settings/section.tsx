import { type ReactNode, useId } from "react";

export interface SectionProps {
  readonly title: string;
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of the settings with its own heading and its own saving. */
export function Section({ title, hint, actions, children }: SectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="flex flex-col gap-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id={id} className="font-semibold text-lead">
            {title}
          </h2>
          {hint && <p className="text-body text-text-2">{hint}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}

import { Field as Base } from "@base-ui/react/field";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx";

export interface FieldProps {
  readonly label: string;
  /** What it means or takes; stays while one writes. */
  readonly hint?: ReactNode;
  /** What is wrong and what would be right; `undefined`: nothing. */
  readonly error?: string;
  /** The label is only heard. */
  readonly hideLabel?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A control with its label, its hint and what is wrong with it, all tied together for those who listen. */
export function Field({ label, hint, error, hideLabel, className, children }: FieldProps) {
  return (
    <Base.Root invalid={error !== undefined} className={cx("flex min-w-0 flex-col gap-1", className)}>
      <Base.Label className={hideLabel ? "sr-only" : "font-medium text-dense text-text"}>{label}</Base.Label>
      {children}
      {hint && <Base.Description className="text-caption text-text-2">{hint}</Base.Description>}
      <Base.Error match={error !== undefined} className="text-caption text-bad">
        {error}
      </Base.Error>
    </Base.Root>
  );
}

export const CONTROL =
  "w-full rounded-control border border-control bg-surface text-body text-text focus-visible:outline-2 focus-visible:-outline-offset-1 focus-visible:outline-focus data-[invalid]:border-bad data-[disabled]:opacity-50";

/** One line of text. */
export function Input({
  className,
  ...rest
}: Omit<ComponentProps<typeof Base.Control>, "className"> & { className?: string }) {
  return <Base.Control {...rest} className={cx(CONTROL, "h-8 px-2.5 coarse:h-10", className)} />;
}

/** Several lines of text. */
export function Textarea({ className, ...rest }: ComponentProps<"textarea">) {
  return (
    <Base.Control
      render={<textarea {...rest} className={cx(CONTROL, "min-h-20 resize-y px-2.5 py-1.5", className)} />}
      // The element above has its own value: Base UI only ties it to the label.
      value={rest.value as string | undefined}
      defaultValue={rest.defaultValue as string | undefined}
    />
  );
}

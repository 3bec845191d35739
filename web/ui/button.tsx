import { Button as Base } from "@base-ui/react/button";
import type { LucideIcon } from "lucide-react";
import { type ComponentProps, type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { cx } from "./cx";
import { Icon } from "./icon";
import { Tooltip } from "./tooltip";

export type ButtonLook = "primary" | "secondary" | "quiet" | "danger";

const LOOKS: Record<ButtonLook, string> = {
  primary: "bg-accent text-on-accent hover:bg-accent-hover",
  secondary: "border border-control bg-surface text-text hover:bg-hover",
  quiet: "text-text-2 hover:bg-hover hover:text-text data-[popup-open]:bg-hover",
  danger: "border border-bad bg-surface text-bad hover:bg-bad-soft",
};

const SHAPE =
  "inline-flex shrink-0 select-none items-center justify-center gap-2 rounded-control font-medium text-body whitespace-nowrap transition-colors duration-[80ms] data-[disabled]:opacity-50 data-[disabled]:pointer-events-none";

export interface ButtonProps extends Omit<ComponentProps<typeof Base>, "className"> {
  readonly look?: ButtonLook;
  /** 28 px high in place of 32. */
  readonly dense?: boolean;
  readonly icon?: LucideIcon;
  /** Work is going on: the control itself shows it, and cannot be pressed. What begins work is pressed once at a time. */
  readonly busy?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** What does something: a verb and a noun. */
export function Button({
  look = "secondary",
  dense,
  icon,
  busy,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <Base
      {...rest}
      onClickCapture={useOneAtATime(busy)}
      disabled={disabled || busy}
      focusableWhenDisabled={busy}
      aria-busy={busy || undefined}
      className={cx(
        SHAPE,
        LOOKS[look],
        dense ? "h-7 px-2.5 text-dense" : "h-8 px-3",
        "coarse:h-10",
        className,
      )}
    >
      {busy ? <Spinner /> : icon && <Icon of={icon} />}
      {children}
    </Base>
  );
}

const AGAIN_MS = 300;

/** Keeps a second press from what the first has begun: `busy` is told only a moment after it. */
function useOneAtATime(busy: boolean | undefined) {
  const pressed = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    // What was begun is over.
    if (!busy) pressed.current = Number.NEGATIVE_INFINITY;
  }, [busy]);
  if (busy === undefined) return undefined;
  return (event: MouseEvent) => {
    const now = performance.now();
    if (now - pressed.current > AGAIN_MS) pressed.current = now;
    else {
      event.preventDefault();
      event.stopPropagation();
    }
  };
}

export interface IconButtonProps extends Omit<ComponentProps<typeof Base>, "className"> {
  readonly icon: LucideIcon;
  /** What it does; shown on hover and focus too. */
  readonly label: string;
  readonly shortcut?: string;
  readonly dense?: boolean;
  readonly className?: string;
}

/** A button that is only a sign; its label says what it does. */
export function IconButton({ icon, label, shortcut, dense, className, ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label} shortcut={shortcut}>
      <Base
        {...rest}
        aria-label={label}
        className={cx(SHAPE, LOOKS.quiet, dense ? "size-7" : "size-8", "coarse:size-10", className)}
      >
        <Icon of={icon} />
      </Base>
    </Tooltip>
  );
}

/** The looks of a button for a link that stands among buttons. */
export function buttonClass(look: ButtonLook = "secondary", dense = false): string {
  return cx(SHAPE, LOOKS[look], dense ? "h-7 px-2.5 text-dense" : "h-8 px-3", "coarse:h-10");
}

/** Work of unknown length, inside the control that began it. */
export function Spinner() {
  return (
    <svg
      viewBox="0 0 16 16"
      className="size-4 animate-spin"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
    >
      <path d="M8 2a6 6 0 1 1-6 6" strokeLinecap="round" />
    </svg>
  );
}

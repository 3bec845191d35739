import { Popover as Base } from "@base-ui/react/popover";
import type { ReactElement, ReactNode } from "react";
import { cx } from "./cx";
import { POPUP } from "./popup";

export interface PopoverProps {
  readonly trigger: ReactElement;
  readonly title: string;
  readonly align?: "start" | "center" | "end";
  readonly open?: boolean;
  readonly onOpenChange?: (open: boolean) => void;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A little more about what the button belongs to; `Esc` closes it. */
export function Popover({
  trigger,
  title,
  align = "end",
  open,
  onOpenChange,
  className,
  children,
}: PopoverProps) {
  return (
    <Base.Root open={open} onOpenChange={onOpenChange}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner align={align} sideOffset={4} className="z-50">
          <Base.Popup
            className={cx(
              POPUP,
              "max-h-(--available-height) w-80 max-w-[calc(100vw-16px)] overflow-y-auto p-4",
              className,
            )}
          >
            <Base.Title className="mb-2 font-semibold text-dense">{title}</Base.Title>
            {children}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./kbd";

export interface TooltipProps {
  readonly text: string;
  readonly shortcut?: string;
  readonly side?: "top" | "bottom" | "left" | "right";
  /** The control that it tells about. */
  readonly children: ReactElement;
}

/** A few words about a control, on hover and focus. What matters does not stand here alone. */
export function Tooltip({ text, shortcut, side = "bottom", children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} className="z-50">
          <Base.Popup className="flex max-w-72 items-center gap-2 rounded-control bg-raised px-2 py-1 text-caption text-text shadow-popover transition-opacity duration-[120ms] data-[ending-style]:opacity-0 data-[starting-style]:opacity-0">
            {text}
            {shortcut && <Kbd keys={shortcut} />}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

export const TooltipProvider = Base.Provider;

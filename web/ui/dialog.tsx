import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import type { ReactNode } from "react";
import { IconButton } from "./button";
import { cx } from "./cx";
import { t } from "./words";

export interface DialogProps {
  readonly open: boolean;
  readonly onClose: () => void;
  readonly title: string;
  readonly description?: ReactNode;
  readonly wide?: boolean;
  /** The buttons at the foot, the one that goes on last. */
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** For names and deletions, and what needs an answer first. `Esc` closes it; focus returns to where it was. */
export function Dialog({ open, onClose, title, description, wide, actions, children }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={next => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-veil transition-opacity duration-200 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0" />
        <Base.Viewport className="fixed inset-0 z-40 flex items-end justify-center overflow-y-auto sm:items-start sm:p-4 sm:pt-[12vh]">
          <Base.Popup
            className={cx(
              "relative flex max-h-[90dvh] w-full flex-col overflow-hidden rounded-t-panel bg-raised shadow-dialog outline-none transition-opacity duration-200 sm:max-h-[76dvh] sm:rounded-panel data-[ending-style]:opacity-0 data-[starting-style]:opacity-0",
              wide ? "sm:max-w-3xl" : "sm:max-w-md",
            )}
          >
            <div className="ps-6 pe-14 pt-4">
              <div>
                <Base.Title className="pt-1 font-semibold text-lead text-text">{title}</Base.Title>
                {description && (
                  <Base.Description className="mt-1 text-body text-text-2" render={<div />}>
                    {description}
                  </Base.Description>
                )}
              </div>
            </div>
            <div className="min-h-0 flex-1 overflow-y-auto px-6 py-4">{children}</div>
            {actions && (
              <div className="flex flex-wrap justify-end gap-2 border-line border-t px-6 py-3">{actions}</div>
            )}
            {/* Last, so that what the dialog is about has the focus first. */}
            <div className="absolute end-3 top-4">
              <Base.Close render={<IconButton icon={X} label={t("Close")} />} />
            </div>
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

import type { LucideIcon } from "lucide-react";
import { cx } from "./cx";

/** A sign of the one family, beside words that say the same; alone it needs a label on what holds it. */
export function Icon({ of: Sign, className }: { readonly of: LucideIcon; readonly className?: string }) {
  return <Sign aria-hidden="true" size={16} strokeWidth={1.75} className={cx("shrink-0", className)} />;
}

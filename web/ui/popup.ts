/** How everything that floats looks, and a row of it that can be chosen. */
export const POPUP =
  "rounded-card bg-raised text-body text-text shadow-popover outline-none transition-opacity duration-[120ms] ease-ours data-[ending-style]:opacity-0 data-[starting-style]:opacity-0";

export const ITEM =
  "flex min-h-8 w-full cursor-default select-none items-center gap-2 rounded-control px-2 py-1 text-body text-text outline-none data-[highlighted]:bg-hover data-[disabled]:opacity-50 coarse:min-h-10";

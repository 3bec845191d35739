import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { cx } from "./cx";
import { t } from "./words";

export interface SplitPaneProps {
  /** Under which its size is remembered. */
  readonly id: string;
  /** The name of the pane that has the size. */
  readonly label: string;
  readonly main: ReactNode;
  /** The pane at the end; `null`: closed. */
  readonly side: ReactNode | null;
  readonly size?: number;
  readonly min?: number;
  readonly max?: number;
}

const STEP = 16;

/** Two panes beside each other, the line between them dragged or moved by arrows; on a narrow screen the side covers all. */
export function SplitPane({ id, label, main, side, size = 360, min = 240, max = 720 }: SplitPaneProps) {
  const key = `conduet.pane.${id}`;
  const [width, setWidth] = useState(() => clamp(Number(localStorage.getItem(key)) || size, min, max));
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => localStorage.setItem(key, String(width)), [key, width]);

  const move = (event: PointerEvent) => {
    const box = row.current?.getBoundingClientRect();
    if (!box || !event.currentTarget.hasPointerCapture(event.pointerId)) return;
    const rtl = getComputedStyle(event.currentTarget).direction === "rtl";
    setWidth(clamp(rtl ? event.clientX - box.left : box.right - event.clientX, min, max));
  };
  const press = (event: KeyboardEvent) => {
    const change = { ArrowLeft: STEP, ArrowRight: -STEP, Home: max, End: -max }[event.key];
    if (change === undefined) return;
    event.preventDefault();
    setWidth(current => clamp(current + change, min, max));
  };
  return (
    <div ref={row} className="flex min-h-0 min-w-0 flex-1">
      <div className={cx("min-w-0 flex-1 overflow-auto", side !== null && "max-md:hidden")}>{main}</div>
      {side !== null && (
        <>
          {/* biome-ignore lint/a11y/useSemanticElements: a separator that moves is no <hr> */}
          <div
            role="separator"
            tabIndex={0}
            aria-label={t("Resize %{label}", { label })}
            aria-orientation="vertical"
            aria-valuenow={width}
            aria-valuemin={min}
            aria-valuemax={max}
            className="relative w-px shrink-0 cursor-col-resize touch-none bg-line after:absolute after:inset-y-0 after:-inset-x-3 hover:bg-control max-md:hidden"
            onPointerDown={event => event.currentTarget.setPointerCapture(event.pointerId)}
            onPointerMove={move}
            onKeyDown={press}
          />
          <section
            aria-label={label}
            style={{ "--pane": `${width}px` } as object}
            className="min-w-0 overflow-auto max-md:flex-1 md:w-(--pane)"
          >
            {side}
          </section>
        </>
      )}
    </div>
  );
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

import { t } from "@ui/words";
import { Panel, useReactFlow, useStore, useStoreApi } from "@xyflow/react";
import { type PointerEvent, useEffect, useMemo, useRef } from "react";
import type { BoardNode } from "./note-nodes";

const WIDE = 200;
const HIGH = 150;
/** Free room around all steps, as a part of the whole. */
const EDGE = 0.1;

/**
 * The whole workflow, small, with what of it is on the screen; a press or a drag goes there.
 *
 * All steps are one shape that is drawn when a step has moved, and never while somebody pans: then the frame alone is.
 */
export function Overview({ shapes }: { readonly shapes: readonly BoardNode[] }) {
  const flow = useReactFlow();
  const store = useStoreApi();
  const view = useRef<SVGRectElement>(null);
  const width = useStore(state => state.width);
  const height = useStore(state => state.height);
  const { path, frames, box } = useMemo(() => drawn(shapes), [shapes]);
  useEffect(() => {
    const draw = ([x, y, zoom]: readonly [number, number, number]) => {
      const rect = { x: -x / zoom, y: -y / zoom, width: width / zoom, height: height / zoom };
      for (const [name, value] of Object.entries(rect)) view.current?.setAttribute(name, String(value));
    };
    draw(store.getState().transform);
    return store.subscribe((state, before) => {
      if (state.transform !== before.transform) draw(state.transform);
    });
  }, [store, width, height]);
  const go = (event: PointerEvent<SVGSVGElement>) => {
    const matrix = event.currentTarget.getScreenCTM();
    if (!matrix || event.buttons !== 1) return;
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
    void flow.setCenter(x, y, { zoom: flow.getZoom() });
  };
  return (
    <Panel position="bottom-right" className="overview max-md:hidden">
      <svg
        role="img"
        aria-label={t("Overview of the workflow")}
        width={WIDE}
        height={HIGH}
        viewBox={`${box.x} ${box.y} ${box.width} ${box.height}`}
        onPointerDown={event => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(event);
        }}
        onPointerMove={go}
      >
        <path d={path} />
        {frames && <path className="frames" d={frames} vectorEffect="non-scaling-stroke" />}
        <rect ref={view} vectorEffect="non-scaling-stroke" />
      </svg>
    </Panel>
  );
}

function drawn(shapes: readonly BoardNode[]) {
  let [left, top] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  let [right, bottom] = [Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY];
  const [parts, frames]: [string[], string[]] = [[], []];
  for (const { type, position, width = 0, height = 0 } of shapes) {
    left = Math.min(left, position.x);
    top = Math.min(top, position.y);
    right = Math.max(right, position.x + width);
    bottom = Math.max(bottom, position.y + height);
    const drawn = type === "frame" ? frames : parts;
    drawn.push(`M${position.x} ${position.y}h${width}v${height}h${-width}z`);
  }
  // Few steps stand in the middle, no larger than they are.
  const [wide, high] = [Math.max(right - left, WIDE), Math.max(bottom - top, HIGH)];
  const [x, y] = shapes.length > 0 ? [(left + right - wide) / 2, (top + bottom - high) / 2] : [0, 0];
  const box = {
    x: x - wide * EDGE,
    y: y - high * EDGE,
    width: wide * (1 + 2 * EDGE),
    height: high * (1 + 2 * EDGE),
  };
  return { path: parts.join(""), frames: frames.join(""), box };
}

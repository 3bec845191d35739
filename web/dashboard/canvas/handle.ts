import { type Edge, useReactFlow } from "@xyflow/react";
import { type RefObject, useMemo } from "react";
import { WIDTH } from "./geometry";
import type { BoardNode } from "./note-nodes";

/** How all of it is brought into view. */
export const WHOLE = { maxZoom: 1, padding: 0.2 };

/** What can be asked of the canvas from outside. */
export interface CanvasHandle {
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly show: (stepIds: readonly string[]) => void;
  /** Brings the step at a place into view, where it is not wholly, or not even `partly`. */
  readonly reveal: (place: { x: number; y: number }, partly?: boolean) => void;
  /** The point of the canvas that is at a point of the screen. */
  readonly at: (point: { x: number; y: number }) => { x: number; y: number };
  /** The point of the canvas that is in the middle of the screen. */
  readonly middle: () => { x: number; y: number };
  /** Has what is put elsewhere by `act` go there, rather than be there. */
  readonly glide: (act: () => void) => void;
  readonly sizes: () => ReadonlyMap<string, { width: number; height: number }>;
  readonly focus: () => void;
}

export function middleOf(box: RefObject<HTMLElement | null>): { x: number; y: number } {
  const rect = box.current?.getBoundingClientRect();
  return rect ? { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 } : { x: 0, y: 0 };
}

export function useHandle(
  box: RefObject<HTMLElement | null>,
  onShown: (view: { zoom: number }) => void,
): CanvasHandle {
  const flow = useReactFlow<BoardNode, Edge>();
  return useMemo(() => {
    const duration = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 200;
    return {
      fit: () => void flow.fitView({ ...WHOLE, duration }),
      zoom: by => void (by === 0 ? flow.zoomTo(1, { duration }) : by > 0 ? flow.zoomIn() : flow.zoomOut()),
      show: ids =>
        // While the first fit is under way, xyflow tells of no end of this one.
        void flow
          .fitView({ nodes: ids.map(id => ({ id })), maxZoom: 1, padding: 0.4, duration })
          .then(() => onShown(flow.getViewport())),
      reveal: (place, partly = false) => {
        const rect = box.current?.getBoundingClientRect();
        const seen = flow.flowToScreenPosition(place);
        const zoom = flow.getZoom();
        const [right, bottom] = [seen.x + WIDTH * zoom, seen.y + 96 * zoom];
        const [from, to] = partly ? [{ x: right, y: bottom }, seen] : [seen, { x: right, y: bottom }];
        if (rect && from.x > rect.left && to.x < rect.right && from.y > rect.top && to.y < rect.bottom)
          return;
        void flow.setCenter(place.x + WIDTH / 2, place.y + 48, { zoom, duration });
      },
      glide: act => {
        const { current } = box;
        if (!current || duration === 0) return act();
        // Looked at by the style sheet alone: nothing is drawn again for it.
        current.setAttribute("data-gliding", "");
        act();
        setTimeout(() => current.removeAttribute("data-gliding"), duration + 50);
      },
      at: point => flow.screenToFlowPosition(point),
      middle: () => flow.screenToFlowPosition(middleOf(box)),
      sizes: () =>
        new Map(
          flow
            .getNodes()
            .map(node => [
              node.id,
              { width: node.measured?.width ?? WIDTH, height: node.measured?.height ?? 80 },
            ]),
        ),
      focus: () => box.current?.focus(),
    };
  }, [flow, box, onShown]);
}

import { Graph, layout } from "@dagrejs/dagre";

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface Ask {
  readonly boxes: readonly Box[];
  readonly lines: readonly { readonly from: string; readonly to: string }[];
}

export type Places = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** Where steps stand when they follow each other from left to right. */
export function arranged({ boxes, lines }: Ask): Places {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 32, ranksep: 96 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height });
  lines.forEach(({ from, to }, index) => {
    if (from !== to) graph.setEdge(from, to, {}, String(index));
  });
  layout(graph);
  const places: Record<string, { x: number; y: number }> = {};
  for (const { id, width, height } of boxes) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    places[id] = { x: Math.round((x - width / 2) / 8) * 8, y: Math.round((y - height / 2) / 8) * 8 };
  }
  return places;
}

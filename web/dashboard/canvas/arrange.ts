import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from "@dagrejs/dagre";

export interface Box {
  readonly id: string;
  readonly width: number;
  readonly height: number;
  /** How far down it stands now. */
  readonly y: number;
}

export interface Ask {
  readonly boxes: readonly Box[];
  readonly lines: readonly { readonly from: string; readonly to: string }[];
}

export type Places = Readonly<Record<string, { readonly x: number; readonly y: number }>>;

/** Where steps stand when they follow each other from left to right; those of one column stay in the order they are in. */
export function arranged({ boxes, lines }: Ask): Places {
  const graph = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 32, ranksep: 96 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const box of boxes) graph.setNode(box.id, { width: box.width, height: box.height });
  lines.forEach(({ from, to }, index) => {
    if (from !== to) graph.setEdge(from, to, {}, String(index));
  });
  const heights = new Map(boxes.map(each => [each.id, each.y]));
  layout(graph, {
    customOrder: (columns, order) => {
      order(columns);
      keepOrder(columns, heights);
    },
  });
  const places: Record<string, { x: number; y: number }> = {};
  for (const { id, width, height } of boxes) {
    const { x, y } = graph.node(id) as { x: number; y: number };
    places[id] = { x: Math.round((x - width / 2) / 8) * 8, y: Math.round((y - height / 2) / 8) * 8 };
  }
  return places;
}

/** Orders each column by how far down its steps stand now, whatever crosses then; of those level with each other, as found. */
function keepOrder(
  columns: Graph<GraphLabel, NodeLabel, EdgeLabel>,
  heights: ReadonlyMap<string, number>,
): void {
  const rankOf = (id: string) => columns.node(id)?.rank ?? 0;
  const heightOf = (id: string): number => {
    const own = heights.get(id);
    const line = columns.node(id)?.edgeObj;
    if (own !== undefined || !line) return own ?? 0;
    // A line that passes through a column does so where it would be drawn from one end to the other.
    const [from, to] = [heights.get(line.v) ?? 0, heights.get(line.w) ?? 0];
    const part = (rankOf(id) - rankOf(line.v)) / (rankOf(line.w) - rankOf(line.v) || 1);
    return from + part * (to - from);
  };
  const all = columns
    .nodes()
    .map(id => ({ rank: rankOf(id), height: heightOf(id), label: columns.node(id) }));
  all.sort(
    (one, other) =>
      one.rank - other.rank ||
      one.height - other.height ||
      (one.label?.order ?? 0) - (other.label?.order ?? 0),
  );
  let before: (typeof all)[number] | undefined;
  for (const each of all) {
    if (each.label) each.label.order = before?.rank === each.rank ? (before.label?.order ?? 0) + 1 : 0;
    before = each;
  }
}

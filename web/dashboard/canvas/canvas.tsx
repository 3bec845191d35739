import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { cx } from "@ui/cx";
import {
  applyNodeChanges,
  Background,
  type Edge,
  type NodeChange,
  type OnConnectEnd,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useOnViewportChange,
  useReactFlow,
  type Connection as Wire,
} from "@xyflow/react";
import {
  type KeyboardEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Person } from "../data/events";
import type { StepType } from "../data/schema";
import { nameOf, type Problem, type Step, type Workflow } from "../editing/flow";
import type { Thread } from "./comments-data";
import { FAR, Far } from "./far";
import { FarConnections } from "./far-connections";
import { WIDTH } from "./geometry";
import { useEdges, useNodes } from "./nodes";
import { Others } from "./others";
import { Overview } from "./overview";
import { Pins } from "./pins";
import { type CardNode, StepCard } from "./step-card";
import type { Pointed } from "./together";

/** A port that waits for the step it shall lead to, and where the person was when they asked. */
export interface Loose {
  readonly stepId: string;
  readonly port: string;
  /** On the canvas. */
  readonly position: { readonly x: number; readonly y: number };
  /** On the screen. */
  readonly at: { readonly x: number; readonly y: number };
}

export interface CanvasProps {
  /** Nothing is moved or connected. */
  readonly readOnly: boolean;
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly problems: readonly Problem[];
  readonly selected: ReadonlySet<string>;
  /** A connection that is selected. */
  readonly selectedConnection: string | undefined;
  /** Steps and connections of the turn that is shown. */
  readonly visited: ReadonlySet<string>;
  /** What became of steps and connections, where two versions are compared. */
  readonly marks?: ReadonlyMap<string, string>;
  /** Threads that are open in this workflow. */
  readonly threads: readonly Thread[];
  /** Who else is here. */
  readonly people: readonly Person[];
  readonly onPoint: Pointed;
  /** The threads of a step, or one at a point, are asked for. */
  readonly onComment: (stepId: string | undefined) => void;
  readonly onSelect: (steps: ReadonlySet<string>, connection?: string) => void;
  readonly onMove: (places: ReadonlyMap<string, { x: number; y: number }>) => void;
  readonly onConnect: (source: string, port: string, target: string, replaced?: string) => void;
  readonly onLoose: (loose: Loose) => void;
  readonly onDrop: (type: string, position: { x: number; y: number }, onConnection?: string) => void;
  readonly onOpen: (step: Step) => void;
  readonly onKey: (event: KeyboardEvent, canvas: CanvasHandle) => void;
  readonly onReady: (canvas: CanvasHandle) => void;
  /** What is drawn over the steps, in their coordinates. */
  readonly over?: ReactNode;
}

/** What can be asked of the canvas from outside. */
export interface CanvasHandle {
  readonly fit: () => void;
  readonly zoom: (by: number) => void;
  readonly show: (stepIds: readonly string[]) => void;
  /** Brings a place into view, where it is not. */
  readonly reveal: (place: { x: number; y: number }) => void;
  /** The point of the canvas that is in the middle of the screen. */
  readonly middle: () => { x: number; y: number };
  readonly sizes: () => ReadonlyMap<string, { width: number; height: number }>;
  readonly focus: () => void;
}

export const DRAGGED = "application/x-conduet-step";
const NODE_TYPES = { step: StepCard };
// The same ones at each drawing: anew they would set off all that hangs on them.
const GRID: [number, number] = [8, 8];
const MANY = ["Shift", "Meta", "Control"];
const WHOLE = { maxZoom: 1, padding: 0.2 };
const PLAIN = { hideAttribution: true };

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Board {...props} />
    </ReactFlowProvider>
  );
}

function Board(props: CanvasProps) {
  const { workflow, selected, onSelect, onMove, onConnect, onLoose, onDrop, onKey, onReady } = props;
  const flow = useReactFlow<CardNode, Edge>();
  const box = useRef<HTMLElement>(null);
  const [connecting, setConnecting] = useState(false);
  const [far, setFar] = useState(() => isWide(workflow));
  const [zoom, setZoom] = useState(1);
  const look = useCallback((view: { zoom: number }) => {
    setFar(view.zoom < FAR);
    setZoom(view.zoom);
  }, []);
  useOnViewportChange({ onEnd: look });
  const handle = useHandle(box, look);
  useEffect(() => onReady(handle), [handle, onReady]);

  const derived = useNodes(props);
  const [nodes, setNodes] = useState(derived);
  const shown = useRef(derived);
  useEffect(() => {
    const before = new Set(shown.current);
    shown.current = derived;
    // What is being dragged stays, and so does whatever is as it was: only what changed is drawn again.
    setNodes(now => {
      const known = new Map(now.map(node => [node.id, node]));
      return derived.map(node => {
        const old = known.get(node.id);
        if (old && before.has(node)) return old;
        return old ? { ...old, ...node, position: old.dragging ? old.position : node.position } : node;
      });
    });
  }, [derived]);
  const edges = useEdges(props, far);

  const changeNodes = useCallback(
    (changes: NodeChange<CardNode>[]) => {
      setNodes(now =>
        applyNodeChanges(
          changes.filter(each => each.type !== "select"),
          now,
        ),
      );
      const chosen = changes.filter(each => each.type === "select");
      if (chosen.length === 0) return;
      const next = new Set(selected);
      for (const each of chosen) {
        if (each.selected) next.add(each.id);
        else next.delete(each.id);
      }
      onSelect(next);
    },
    [selected, onSelect],
  );

  // Made once, as all that is told of a gesture: what changes with every move would have every step drawn again.
  const did = useLatest({
    edge: (_: unknown, edge: Edge) => onSelect(new Set(), edge.id),
    pane: () => onSelect(new Set()),
    open: (_: unknown, node: CardNode) => props.onOpen(node.data.step),
    menu: (_: unknown, node: CardNode) => onSelect(new Set([node.id])),
    moved: (_: unknown, __: unknown, moved: CardNode[]) => onMove(placesOf(moved)),
    selectionMoved: (_: unknown, moved: CardNode[]) => onMove(placesOf(moved)),
    connects: () => setConnecting(true),
    connectEnd: ((event, state) => {
      setConnecting(false);
      if (state.isValid || !state.fromNode || !state.fromHandle?.id || state.toNode) return;
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point) return;
      const at = { x: point.clientX, y: point.clientY };
      onLoose({
        stepId: state.fromNode.id,
        port: state.fromHandle.id,
        position: flow.screenToFlowPosition(at),
        at,
      });
    }) as OnConnectEnd,
    connect: ({ source, sourceHandle, target }: Wire) => onConnect(source, sourceHandle ?? "next", target),
    reconnect: (edge: Edge, { source, sourceHandle, target }: Wire) =>
      onConnect(source, sourceHandle ?? "next", target, edge.id),
    edgeTwice: (_: unknown, edge: Edge) => {
      const place = flow.getNode(edge.target)?.position ?? { x: 0, y: 0 };
      const port = edge.sourceHandle ?? "next";
      onLoose({ stepId: edge.source, port, position: place, at: middleOf(box) });
    },
  });
  return (
    <section
      ref={box}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the canvas is one stop; arrows and letters act in it
      tabIndex={0}
      aria-label={`Canvas of ${workflow.name || workflow.id}: ${workflow.steps.length} steps`}
      aria-describedby="canvas-selection"
      className={cx(
        "conduet-canvas relative h-full outline-none focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus",
        connecting && "connecting",
      )}
      onKeyDown={event => onKey(event, handle)}
      onPointerMove={({ clientX, clientY }) =>
        props.onPoint(() => flow.screenToFlowPosition({ x: clientX, y: clientY }))
      }
      onPointerLeave={() => props.onPoint(undefined)}
      onDragOver={event => {
        if (!event.dataTransfer.types.includes(DRAGGED)) return;
        event.preventDefault();
        event.dataTransfer.dropEffect = "copy";
      }}
      onDrop={event => {
        const type = event.dataTransfer.getData(DRAGGED);
        if (!type) return;
        event.preventDefault();
        const under = document
          .elementFromPoint(event.clientX, event.clientY)
          ?.closest("[data-id].react-flow__edge");
        const position = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        onDrop(type, position, under?.getAttribute("data-id") ?? undefined);
      }}
    >
      <p id="canvas-selection" className="sr-only" aria-live="polite">
        {spoken(workflow, selected)}
      </p>
      <Far value={far}>
        <ReactFlow<CardNode, Edge>
          nodes={nodes}
          edges={edges}
          nodeTypes={NODE_TYPES}
          onNodesChange={changeNodes}
          onEdgeClick={did.edge}
          onPaneClick={did.pane}
          onNodeDoubleClick={did.open}
          onNodeDragStop={did.moved}
          onSelectionDragStop={did.selectionMoved}
          onConnectStart={did.connects}
          onConnect={did.connect}
          onConnectEnd={did.connectEnd}
          onReconnect={did.reconnect}
          onEdgeDoubleClick={did.edgeTwice}
          snapToGrid
          snapGrid={GRID}
          minZoom={0.1}
          maxZoom={2}
          selectionKeyCode="Shift"
          multiSelectionKeyCode={MANY}
          selectionMode={SelectionMode.Partial}
          deleteKeyCode={null}
          panActivationKeyCode="Space"
          panOnScroll
          zoomOnDoubleClick={false}
          nodesFocusable={false}
          edgesFocusable={false}
          disableKeyboardA11y
          onlyRenderVisibleElements
          elevateNodesOnSelect={false}
          fitView
          fitViewOptions={WHOLE}
          proOptions={PLAIN}
          connectionRadius={28}
          onNodeContextMenu={did.menu}
        >
          {far && <FarConnections workflow={workflow} shapes={derived} without={edges} />}
          <Others people={props.people} workflowId={workflow.id} nodes={nodes} zoom={zoom} />
          <Pins threads={props.threads} zoom={zoom} onOpen={() => props.onComment(undefined)} />
          {props.over}
          {!far && <Background gap={16} size={1.5} />}
          <Overview shapes={derived} />
        </ReactFlow>
      </Far>
    </section>
  );
}

/** Functions that stay the same ones, and do what those of the last drawing do. */
function useLatest<All extends Record<string, (...given: never[]) => void>>(all: All): All {
  const latest = useRef(all);
  useEffect(() => {
    latest.current = all;
  });
  const [stable] = useState(() => {
    const each =
      (name: string) =>
      (...given: never[]) =>
        latest.current[name]?.(...given);
    return Object.fromEntries(Object.keys(all).map(name => [name, each(name)])) as All;
  });
  return stable;
}

function placesOf(nodes: readonly CardNode[]): ReadonlyMap<string, { x: number; y: number }> {
  return new Map(nodes.map(node => [node.id, node.position]));
}

/** Whether all of it can only be seen from afar. */
function isWide({ steps }: Workflow): boolean {
  const reach = (of: (step: Step) => number) => Math.max(0, ...steps.map(of)) - Math.min(0, ...steps.map(of));
  return (
    innerWidth < FAR * reach(each => each.position.x) || innerHeight < FAR * reach(each => each.position.y)
  );
}

function middleOf(box: RefObject<HTMLElement | null>): { x: number; y: number } {
  const rect = box.current?.getBoundingClientRect();
  return rect ? { x: rect.x + rect.width / 2, y: rect.y + rect.height / 2 } : { x: 0, y: 0 };
}

function useHandle(
  box: RefObject<HTMLElement | null>,
  onShown: (view: { zoom: number }) => void,
): CanvasHandle {
  const flow = useReactFlow<CardNode, Edge>();
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
      reveal: place => {
        const rect = box.current?.getBoundingClientRect();
        const seen = flow.flowToScreenPosition(place);
        const zoom = flow.getZoom();
        const [right, bottom] = [seen.x + WIDTH * zoom, seen.y + 96 * zoom];
        if (rect && seen.x > rect.left && right < rect.right && seen.y > rect.top && bottom < rect.bottom)
          return;
        void flow.setCenter(place.x + WIDTH / 2, place.y + 48, { zoom, duration });
      },
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

/** What is said of the selection to those who listen. */
function spoken(workflow: Workflow, selected: ReadonlySet<string>): string {
  if (selected.size > 1) return `${selected.size} steps selected`;
  const step = workflow.steps.find(each => selected.has(each.id));
  if (!step) return "";
  const ports = workflow.connections.filter(each => each.source === step.id).length;
  return `${step.type}, ${nameOf(step)}, ${ports} ${ports === 1 ? "connection" : "connections"}`;
}

import { t } from "@ui/words";
import "@xyflow/react/dist/base.css";
import "./canvas.css";
import { cx } from "@ui/cx";
import { counted } from "@ui/time";
import { toast } from "@ui/toast";
import {
  Background,
  type Edge,
  type OnConnectEnd,
  type OnConnectStart,
  ReactFlow,
  ReactFlowProvider,
  SelectionMode,
  useOnViewportChange,
  useReactFlow,
  type Viewport,
  type Connection as Wire,
} from "@xyflow/react";
import {
  type KeyboardEvent,
  type ReactNode,
  useCallback,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import type { Person } from "../data/events";
import type { StepType } from "../data/schema";
import { nameOf, type Problem, titleOf, type Workflow } from "../editing/flow";
import { type Box, called, kindOf, type Note, notesOf } from "../editing/notes";
import { refusal } from "../editing/refusing";
import type { Thread } from "./comments-data";
import { Connection } from "./connection";
import { FAR, Far } from "./far";
import { FarConnections } from "./far-connections";
import { firstView } from "./first-view";
import { Guides } from "./guides";
import { type CanvasHandle, middleOf, useHandle } from "./handle";
import { useEdges, useNodes } from "./nodes";
import { FrameCard, NoteCard } from "./note-card";
import { type BoardNode, useNoteNodes } from "./note-nodes";
import { Others } from "./others";
import { Overview } from "./overview";
import { Pins } from "./pins";
import { StepCard } from "./step-card";
import type { Pointed } from "./together";
import { useLatest } from "./use-latest";
import { useMoves } from "./use-moves";

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
  /** The steps stay where they are laid out. */
  readonly fixed?: boolean;
  /** What it is called; left out: a canvas of the workflow's name. */
  readonly label?: string;
  /** Why a way out cannot lead to a step. */
  readonly refuses?: typeof refusal;
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
  /** Steps whose call a pinned result stands in for. */
  readonly mocked?: ReadonlySet<string>;
  /** The conversation tests that were not as expected, by the step where each first was not. */
  readonly redTests?: ReadonlyMap<string, readonly unknown[]>;
  readonly onTest?: (stepId: string) => void;
  /** What was looked for and found: the others step back; `undefined`: nothing is looked for. */
  readonly found?: ReadonlySet<string> | undefined;
  /** Who else is here. */
  readonly people: readonly Person[];
  readonly onPoint: Pointed;
  /** The threads of a step, or one at a point, are asked for. */
  readonly onComment: (stepId: string | undefined) => void;
  readonly onSelect: (steps: ReadonlySet<string>, connection?: string) => void;
  readonly onMove: (places: ReadonlyMap<string, { x: number; y: number }>) => void;
  /** A note or a frame is larger, or smaller. */
  readonly onResize?: (note: Note, box: Box) => void;
  readonly onConnect: (source: string, port: string, target: string, replaced?: string) => void;
  readonly onLoose: (loose: Loose) => void;
  readonly onDrop: (type: string, position: { x: number; y: number }, onConnection?: string) => void;
  /** What is chosen is to be edited. */
  readonly onOpen: () => void;
  readonly onKey: (event: KeyboardEvent, canvas: CanvasHandle) => void;
  readonly onReady: (canvas: CanvasHandle) => void;
  /** What is drawn over the steps, in their coordinates. */
  readonly over?: ReactNode;
}

type Press = Pick<MouseEvent, "shiftKey" | "metaKey" | "ctrlKey">;

export const DRAGGED = "application/x-conduet-step";
const EDGE_TYPES = { default: Connection };
const NODE_TYPES = { step: StepCard, note: NoteCard, frame: FrameCard };
// The same ones at each drawing: anew they would set off all that hangs on them.
const GRID: [number, number] = [8, 8];
const MANY = ["Shift", "Meta", "Control"];
/** A connection that is held by its end, and looks for another beginning. */
const ANY = { stepId: "", port: "" };
const PLAIN = { hideAttribution: true };

export function Canvas(props: CanvasProps) {
  return (
    <ReactFlowProvider>
      <Board {...props} />
    </ReactFlowProvider>
  );
}

function Board(props: CanvasProps) {
  const { workflow, selected, readOnly, onSelect, onConnect, onLoose, onDrop, onKey, onReady } = props;
  const { refuses = refusal } = props;
  const flow = useReactFlow<BoardNode, Edge>();
  const box = useRef<HTMLElement>(null);
  const [connecting, setConnecting] = useState<Pick<Loose, "stepId" | "port">>();
  const [far, setFar] = useState(false);
  const [zoom, setZoom] = useState(1);
  const look = useCallback((view: { zoom: number }) => {
    setFar(view.zoom < FAR);
    setZoom(view.zoom);
  }, []);
  useOnViewportChange({ onEnd: look });
  const handle = useHandle(box, look);
  useEffect(() => onReady(handle), [handle, onReady]);

  const { types } = props;
  const refused = useMemo(
    () => connecting && refusals(refuses, workflow, types, connecting),
    [refuses, workflow, types, connecting],
  );
  const cards = useNodes(props, refused);
  const { frames, notes } = useNoteNodes(workflow, selected, props.found, props.onResize);
  const derived = useMemo<BoardNode[]>(() => [...frames, ...cards, ...notes], [frames, cards, notes]);
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
        return old
          ? ({ ...old, ...node, position: old.dragging ? old.position : node.position } as BoardNode)
          : node;
      });
    });
  }, [derived]);
  const shownNodes = useRef(nodes);
  useEffect(() => {
    shownNodes.current = nodes;
  }, [nodes]);
  const edges = useEdges(props, far);
  const [first, setFirst] = useState<Viewport>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is seen first, once
  useLayoutEffect(() => {
    if (!box.current) return;
    const view = firstView(box.current.getBoundingClientRect(), derived, selected);
    setFirst(view);
    look(view);
  }, []);

  const moves = useMoves(props, shownNodes, setNodes);

  // Made once, as all that is told of a gesture: what changes with every move would have every step drawn again.
  const did = useLatest({
    edge: (_: unknown, edge: Edge) => onSelect(new Set(), edge.id),
    pane: () => onSelect(new Set()),
    click: (event: Press, { id }: Pick<BoardNode, "id">) => {
      if (selected.size > 1 && selected.has(id) && !event.shiftKey && !event.metaKey && !event.ctrlKey)
        onSelect(new Set([id]));
    },
    open: () => props.onOpen(),
    menu: (_: unknown, node: BoardNode) => onSelect(new Set([node.id])),
    grasped: (event: { altKey: boolean }, _: unknown, moving: BoardNode[]) => moves.begun(event, moving),
    connects: ((_, { nodeId, handleId, handleType }) =>
      setConnecting(
        nodeId && handleId && handleType === "source" ? { stepId: nodeId, port: handleId } : ANY,
      )) as OnConnectStart,
    fits: ({ source, sourceHandle, target }: Wire | Edge) =>
      refuses(workflow, types, { stepId: source, port: sourceHandle ?? "next" }, target) === undefined,
    connectEnd: ((event, state) => {
      setConnecting(undefined);
      if (state.isValid || !state.fromNode || state.fromHandle?.type !== "source") return;
      const point = "changedTouches" in event ? event.changedTouches[0] : event;
      if (!point || !state.fromHandle.id) return;
      const at = { x: point.clientX, y: point.clientY };
      const under = stepAt(at);
      if (under) {
        // Let go on its own port: nothing was meant.
        if (under === state.fromNode.id) return;
        const why = refused?.get(under);
        if (why) toast(t("Not connected"), { description: why });
        return;
      }
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
      aria-label={
        props.label ??
        t("Canvas of %{value}: %{steps}", {
          value: workflow.name || workflow.id,
          steps: counted(workflow.steps.length, "step"),
        })
      }
      aria-describedby="canvas-selection"
      className={cx(
        "conduet-canvas relative h-full outline-none focus-visible:outline-solid focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-focus",
        connecting && "connecting",
      )}
      onClick={event => {
        // What was drawn around several lies over them.
        const around = (event.target as Element).closest(".react-flow__nodesselection-rect");
        const id = around && nodeUnder(event);
        if (id) did.click(event, { id });
      }}
      onKeyDown={event => onKey(event, handle)}
      onPointerMove={({ clientX, clientY, altKey }) => {
        moves.isFree.current = altKey;
        props.onPoint(() => flow.screenToFlowPosition({ x: clientX, y: clientY }));
      }}
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
        {spoken(workflow, selected, props.problems)}
      </p>
      <Far value={far}>
        {first && (
          <ReactFlow<BoardNode, Edge>
            nodes={nodes}
            edges={edges}
            nodeTypes={NODE_TYPES}
            edgeTypes={EDGE_TYPES}
            nodesDraggable={!readOnly && !props.fixed}
            nodesConnectable={!readOnly}
            onNodesChange={moves.change}
            onEdgeClick={did.edge}
            onPaneClick={did.pane}
            onNodeClick={did.click}
            onNodeDoubleClick={did.open}
            onNodeDragStart={did.grasped}
            onNodeDragStop={moves.ended}
            onSelectionDragStart={moves.begun}
            onSelectionDragStop={moves.ended}
            onSelectionStart={moves.marqueeBegun}
            onSelectionEnd={moves.marqueeEnded}
            onConnectStart={did.connects}
            onConnect={did.connect}
            onConnectEnd={did.connectEnd}
            isValidConnection={did.fits}
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
            defaultViewport={first}
            proOptions={PLAIN}
            connectionRadius={28}
            onNodeContextMenu={did.menu}
          >
            {far && <FarConnections workflow={workflow} shapes={cards} without={edges} />}
            <Others people={props.people} workflowId={workflow.id} nodes={nodes} zoom={zoom} />
            <Pins threads={props.threads} zoom={zoom} onOpen={() => props.onComment(undefined)} />
            <Guides guides={moves.guides} zoom={zoom} />
            {props.over}
            {!far && <Background gap={16} size={1.5} />}
            <Overview shapes={derived} />
          </ReactFlow>
        )}
      </Far>
    </section>
  );
}

/** What lies under whatever is at a point of the screen. */
function nodeUnder({ clientX, clientY }: Pick<MouseEvent, "clientX" | "clientY">): string | undefined {
  const all = document.elementsFromPoint(clientX, clientY).map(each => each.closest(".react-flow__node"));
  return all.find(each => each !== null)?.getAttribute("data-id") ?? undefined;
}

/** The step that is at a point of the screen. */
function stepAt({ x, y }: { x: number; y: number }): string | undefined {
  const node = document.elementFromPoint(x, y)?.closest(".react-flow__node-step");
  return node?.getAttribute("data-id") ?? undefined;
}

/** The steps that a way out cannot lead to, each with why. */
function refusals(
  refuses: typeof refusal,
  workflow: Workflow,
  types: CanvasProps["types"],
  from: Pick<Loose, "stepId" | "port">,
): ReadonlyMap<string, string> | undefined {
  if (from === ANY) return undefined;
  const all = workflow.steps.map(each => [each.id, refuses(workflow, types, from, each.id)] as const);
  return new Map(all.filter((each): each is [string, string] => each[1] !== undefined));
}

/** What is said of the selection to those who listen. */
function spoken(workflow: Workflow, selected: ReadonlySet<string>, problems: readonly Problem[]): string {
  if (selected.size > 1) return t("%{what} selected", { what: called(workflow, selected) });
  const note = notesOf(workflow).find(each => selected.has(each.id));
  if (note) return [kindOf(note.kind), note.text].filter(Boolean).join(", ");
  const step = workflow.steps.find(each => selected.has(each.id));
  if (!step) return "";
  const ports = workflow.connections.filter(each => each.source === step.id).length;
  const wrong = problems.filter(each => each.stepId === step.id && each.workflowId === workflow.id).length;
  const told = [titleOf(step.type), nameOf(step), counted(ports, "connection")];
  return [...told, ...(wrong > 0 ? [counted(wrong, "problem")] : [])].join(", ");
}

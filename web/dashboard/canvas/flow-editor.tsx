import { type Range, USUAL } from "@dashboard/data/analytics";
import { useMay } from "@dashboard/data/roles";
import { lazyPart } from "@dashboard/lazy-part";
import { useQuery } from "@tanstack/react-query";
import { SplitPane } from "@ui/split-pane";
import { t } from "@ui/words";
import { Suspense, useCallback, useMemo, useRef, useState } from "react";
import type { Person } from "../data/events";
import { useShapes, useStepTypes } from "../data/schema";
import type { RecordedTurn } from "../data/turns";
import type { Editor } from "../editing/editor";
import { portsOf, primaryOf, type Step, type Workflow } from "../editing/flow";
import { type NoteKind, notesOf } from "../editing/notes";
import { downstream } from "../editing/placed";
import { ProjectNames } from "../form/project-names";
import type { Talk } from "../playground/use-conversation";
import { Canvas, type Loose } from "./canvas";
import { type CanvasTools, pressed } from "./canvas-commands";
import { commentsQuery, type Spot, type Thread } from "./comments-data";
import { ConnectStep } from "./connect-step";
import type { FoundSpot } from "./find-steps";
import { FlowActions } from "./flow-actions";
import type { CanvasHandle } from "./handle";
import { LeftPanels } from "./left-panels";
import { useMocked } from "./mock";
import { NoWorkflow } from "./no-workflow";
import { NothingDrawn } from "./nothing-drawn";
import { Outline } from "./outline";
import { noteIn } from "./palette";
import { Pasting } from "./pasting";
import { beside, openPort } from "./placing";
import { QuickAdd } from "./quick-add";
import { SidePanel, type SidePanelName } from "./side-panel";
import type { Pointed } from "./together";
import { useFlowCommands } from "./use-flow-commands";
import { useFocusBack } from "./use-focus-back";
import { useInView } from "./use-in-view";
import { useNarrow } from "./use-narrow";
import { useNoteActions } from "./use-note-actions";
import { useOpenTests } from "./use-open-tests";
import { useWalk } from "./use-replay";
import { useSelection } from "./use-selection";
import { useUndo } from "./use-undo";
import { pathOf, visitedOn } from "./visited";
import { WorkflowBar } from "./workflow-bar";

export interface FlowEditorProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly workflowId: string | undefined;
  /** The step that is open; it stands in the address. */
  readonly stepId: string | undefined;
  readonly onPlace: (workflowId: string, stepId: string | undefined) => void;
  readonly talk: Talk;
  readonly testing: boolean;
  readonly onTesting: (open: boolean) => void;
  /** Who else has the project open. */
  readonly people: readonly Person[];
  readonly onPoint: Pointed;
  /** The next problem is to be shown. */
  readonly onProblem: () => void;
  /** The turn whose path is drawn and walked, in place of the last one's. */
  readonly replay: RecordedTurn | undefined;
  readonly onReplayEnd: () => void;
  /** Of how many days it is drawn where people stayed; `undefined`: it is not. */
  readonly funnel: Range | undefined;
  readonly onFunnel: (range: Range | undefined) => void;
}

const ReplayBar = lazyPart(() => import("./replay-bar"));
const DropOffBar = lazyPart(() => import("./drop-off-bar"));
const DropOffs = lazyPart(() => import("./drop-offs"));

type Panel = "palette" | "connect" | "find";
const NO_THREADS: readonly Thread[] = [];

/** The flow on the canvas, with what belongs to it: palette, inspector, outline, playground. */
export default function FlowEditor(props: FlowEditorProps) {
  const { editor, projectId, stepId, onPlace, talk, testing, onTesting } = props;
  const edits = useMay("edit");
  const types = useStepTypes();
  const document = editor(state => state.document);
  const problems = editor(state => state.problems);
  const workflow = document.workflows.find(each => each.id === props.workflowId) ?? primaryOf(document);
  const workflowId = workflow?.id ?? "";
  const { selected, connection, spot, setSpot, select, selectIn } = useSelection(workflow, stepId, onPlace);
  const [panel, setPanel] = useState<Panel>();
  const [outline, setOutline] = useState(false);
  const [loose, setLoose] = useState<Loose>();
  const { data: threads = NO_THREADS } = useQuery(commentsQuery(projectId, workflowId, "open"));
  const narrow = useNarrow();
  const canvas = useRef<CanvasHandle>(null);
  const shapes = useShapes();
  const actions = useMemo(
    () => new FlowActions(editor, workflowId, select, shapes),
    [editor, workflowId, select, shapes],
  );
  const history = useUndo(editor, canvas, selectIn);
  const mocked = useMocked(projectId, workflowId);
  const { redTests, openTest } = useOpenTests(projectId, workflowId, document.tests);
  const [found, setFound] = useState<ReadonlySet<string>>();
  const visited = useMemo(
    () => visitedOn(props.replay?.path ?? pathOf(talk.conversation.turns.at(-1)), workflow),
    [props.replay, talk.conversation.turns, workflow],
  );
  const goTo = (flow: string, id: string) => {
    onPlace(flow, id);
    requestAnimationFrame(() => canvas.current?.show([id]));
  };
  const walk = useWalk(props.replay, goTo);
  const step = workflow?.steps.find(each => selected.size === 1 && selected.has(each.id));
  const open = openPort(
    step ?? (workflow?.steps.length === 1 ? workflow.steps[0] : undefined),
    actions,
    types,
  );
  const way = step && (openPort(step, actions, types)?.port ?? portsOf(step, types.get(step.type))[0]?.id);
  const close = () => {
    setPanel(undefined);
    requestAnimationFrame(() => canvas.current?.focus());
  };
  const notes = useNoteActions(actions, selected, canvas);
  const addNote = (kind: NoteKind, position?: { x: number; y: number }) => {
    notes.add(kind, position);
    setPanel(undefined);
    focusInspector();
  };
  const add = (typeName: string, position: { x: number; y: number }, on?: string) => {
    const kind = noteIn(typeName);
    if (kind) return addNote(kind, position);
    const type = types.get(typeName);
    if (!type) return;
    actions.add(type, position, loose ?? (on ? undefined : open), on);
    setLoose(undefined);
    setPanel(undefined);
    canvas.current?.reveal(position);
    canvas.current?.focus();
  };
  const show = (id: string) => {
    select(new Set([id]));
    canvas.current?.show([id]);
  };
  const see = ({ stepId: id, position }: FoundSpot) => {
    if (id) canvas.current?.show([id]);
    else if (position) canvas.current?.reveal(position);
  };
  const spotOf = (): Spot =>
    step
      ? { workflowId, stepId: step.id }
      : { workflowId, position: canvas.current?.middle() ?? { x: 0, y: 0 } };
  const comment = useCallback(
    (id: string | undefined) => {
      onTesting(false);
      if (id) select(new Set([id]));
      setSpot({
        workflowId,
        ...(id ? { stepId: id } : { position: canvas.current?.middle() ?? { x: 0, y: 0 } }),
      });
    },
    [onTesting, select, setSpot, workflowId],
  );
  const testFrom = (from: Step) => {
    onTesting(true);
    talk.restart({ workflowId, stepId: from.id });
  };
  const tools = {
    actions,
    canvas: () => canvas.current,
    selected,
    connection,
    edits,
    select,
    open: (what: Parameters<CanvasTools["open"]>[0]) => {
      if (what === "outline") setOutline(is => !is);
      else if (what === "problem") props.onProblem();
      else if (what === "comments") setSpot(now => (now ? undefined : spotOf()));
      else setPanel(what);
    },
    editStep: focusInspector,
    addNote,
    downstream: () => workflow && select(downstream(workflow, selected)),
    testHere: () => step && testFrom(step),
    walk: walk && ((by: 1 | -1) => walk.to(walk.at + by)),
  };
  const commands = useFlowCommands(tools, {
    onFind: panel === "find" ? undefined : () => setPanel("find"),
    hasFunnel: props.funnel !== undefined,
    onFunnel: () => props.onFunnel(props.funnel ? undefined : USUAL),
  });
  const sidePanel = workflow && sidePanelOf(testing, spot, workflow, selected);
  useFocusBack(canvas, sidePanel);
  useInView(canvas, workflow, stepId);
  if (!workflow) return <NoWorkflow editor={editor} projectId={projectId} />;
  const side = (
    <SidePanel
      editor={editor}
      projectId={projectId}
      workflow={workflow}
      types={types}
      actions={actions}
      selected={selected}
      canvas={canvas}
      talk={talk}
      redTests={redTests}
      panel={sidePanel}
      spot={spot}
      onPanel={open => {
        onTesting(false);
        setSpot(open === "comments" ? spotOf() : undefined);
      }}
      onPlace={(workflowAt, id) => {
        onPlace(workflowAt, id);
        if (id) canvas.current?.show([id]);
      }}
      onSelect={select}
      onFrame={() => addNote("frame")}
    />
  );
  const isSide = testing || spot !== undefined || selected.size === 1 || (edits && selected.size > 1);
  const outlined = {
    workflow,
    selected,
    onConnect: edits ? () => setPanel("connect") : undefined,
    onReorder: edits ? (id: string, where: "earlier" | "later") => actions.reorder(id, where) : undefined,
  };
  const begins = edits && panel === undefined && workflow.steps.length === 1 && (
    <NothingDrawn projectId={projectId} onAdd={() => setPanel("palette")} />
  );
  const leavePalette = () => {
    setPanel(undefined);
    setLoose(undefined);
    canvas.current?.focus();
  };
  return (
    <ProjectNames editor={editor}>
      <WorkflowBar
        editor={editor}
        workflow={workflow}
        projectId={projectId}
        onOpen={id => onPlace(id, undefined)}
        onAdd={() => setPanel(panel === "palette" ? undefined : "palette")}
        onFind={() => setPanel("find")}
        onOutline={() => setOutline(is => !is)}
        onTidy={() => canvas.current && void actions.tidy(canvas.current, selected)}
        history={history}
      />
      {props.replay && walk && (
        <Suspense>
          <ReplayBar replay={props.replay} at={walk.at} onStep={walk.to} onClose={props.onReplayEnd} />
        </Suspense>
      )}
      {props.funnel && (
        <Suspense>
          <DropOffBar
            projectId={projectId}
            workflow={workflow}
            range={props.funnel}
            onRange={props.onFunnel}
            onShow={show}
          />
        </Suspense>
      )}
      <SplitPane
        id="inspector"
        label={testing ? t("Test") : t("Step")}
        side={isSide ? side : null}
        main={
          <div className="flex h-full min-h-0">
            <LeftPanels
              editor={editor}
              projectId={projectId}
              types={types}
              panel={panel === "find" || (edits && panel === "palette") ? panel : undefined}
              outline={outline && !narrow ? { ...outlined, onSelect: show } : undefined}
              onAdd={type => add(type.type, beside(step, workflow))}
              onAddNote={kind => addNote(kind)}
              onPaletteClose={leavePalette}
              onFound={setFound}
              onFindClose={close}
              onWalk={spot => spot.workflowId === workflowId && see(spot)}
              onChoose={spot => {
                close();
                onPlace(spot.workflowId, spot.stepId);
                requestAnimationFrame(() => see(spot));
              }}
            />
            {narrow ? (
              <div className="min-w-0 flex-1 overflow-y-auto">
                <Outline {...outlined} types={types} onSelect={id => select(new Set([id]))} />
                {begins && <div className="flex justify-center p-4">{begins}</div>}
              </div>
            ) : (
              <div className="relative min-w-0 flex-1">
                {begins && (
                  <div className="pointer-events-none absolute inset-x-4 top-4 z-10 flex justify-center *:pointer-events-auto">
                    {begins}
                  </div>
                )}
                <Canvas
                  key={workflowId}
                  readOnly={!edits}
                  workflow={workflow}
                  types={types}
                  problems={problems}
                  selected={selected}
                  selectedConnection={connection}
                  visited={visited}
                  threads={threads}
                  mocked={mocked}
                  redTests={redTests}
                  onTest={openTest}
                  found={panel === "find" ? found : undefined}
                  people={props.people}
                  onPoint={props.onPoint}
                  onComment={comment}
                  onSelect={select}
                  onMove={places => actions.move(places)}
                  {...(edits && { onResize: notes.resize })}
                  onConnect={(source, port, target, replaced) =>
                    actions.connect(source, port, target, replaced)
                  }
                  onLoose={setLoose}
                  onDrop={add}
                  onOpen={focusInspector}
                  over={
                    props.funnel && (
                      <Suspense>
                        <DropOffs projectId={projectId} workflow={workflow} range={props.funnel} />
                      </Suspense>
                    )
                  }
                  onReady={handle => {
                    canvas.current = handle;
                  }}
                  onKey={event => pressed(event, commands)}
                />
              </div>
            )}
          </div>
        }
      />
      {edits && panel === "connect" && step && way && (
        <ConnectStep
          step={step}
          port={way}
          workflow={workflow}
          types={types}
          onClose={close}
          onChoose={target => {
            actions.connect(step.id, way, target);
            close();
          }}
        />
      )}
      {edits && <Pasting actions={actions} canvas={canvas} />}
      {edits && loose && (
        <QuickAdd
          loose={loose}
          workflow={workflow}
          types={types}
          onClose={leavePalette}
          onAdd={type => add(type.type, loose.position)}
        />
      )}
    </ProjectNames>
  );
}

function sidePanelOf(
  testing: boolean,
  spot: Spot | undefined,
  workflow: Workflow,
  selected: ReadonlySet<string>,
): SidePanelName | undefined {
  if (testing) return "test";
  if (spot) return "comments";
  if (selected.size !== 1) return selected.size > 1 ? "selection" : undefined;
  const [id] = selected;
  return notesOf(workflow).some(each => each.id === id) ? "note" : "step";
}

function focusInspector(): void {
  const focus = () =>
    (
      globalThis.document.getElementById("step-name") ?? globalThis.document.getElementById("note-text")
    )?.focus();
  // At once where it is there already: what is typed next belongs in it.
  focus();
  requestAnimationFrame(focus);
}

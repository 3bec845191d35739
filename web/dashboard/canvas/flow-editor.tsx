import { useCommands } from "@dashboard/commands";
import { Button } from "@ui/button";
import { SplitPane } from "@ui/split-pane";
import { EmptyState } from "@ui/states";
import { Workflow as WorkflowIcon } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useStepTypes } from "../data/schema";
import type { Editor } from "../editing/editor";
import { nameOf, portsOf, primaryOf, type Step, summaryOf, titleOf } from "../editing/flow";
import { useHistory } from "../editing/history";
import { ProjectNames } from "../form/project-names";
import { Playground } from "../playground/playground";
import type { Talk } from "../playground/use-conversation";
import { Canvas, type CanvasHandle, type Loose } from "./canvas";
import { FlowActions } from "./flow-actions";
import { pressed } from "./flow-keys";
import { Inspector, Selection } from "./inspector";
import { Outline } from "./outline";
import { Palette } from "./palette";
import { Picker } from "./picker";
import { beside, openPort } from "./placing";
import { visitedIn } from "./visited";
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
  /** What was asked to be shown: a problem of the list. */
  readonly onProblems: () => void;
}

type Panel = "palette" | "connect" | "find";
const NONE: ReadonlySet<string> = new Set();

/** The flow on the canvas, with what belongs to it: palette, inspector, outline, playground. */
export default function FlowEditor(props: FlowEditorProps) {
  const { editor, projectId, stepId, onPlace, talk, testing, onTesting } = props;
  const types = useStepTypes();
  const document = editor(state => state.document);
  const problems = editor(state => state.problems);
  const workflow = document.workflows.find(each => each.id === props.workflowId) ?? primaryOf(document);
  const workflowId = workflow?.id ?? "";
  const [many, setMany] = useState<ReadonlySet<string>>();
  const [connection, setConnection] = useState<string>();
  const [panel, setPanel] = useState<Panel>();
  const [outline, setOutline] = useState(false);
  const [loose, setLoose] = useState<Loose>();
  const canvas = useRef<CanvasHandle>(null);
  const selected = useMemo(() => many ?? (stepId ? new Set([stepId]) : NONE), [many, stepId]);

  const select = useCallback(
    (ids: ReadonlySet<string>, chosen?: string) => {
      setConnection(chosen);
      setMany(ids.size > 1 ? ids : undefined);
      onPlace(workflowId, ids.size === 1 ? [...ids][0] : undefined);
    },
    [onPlace, workflowId],
  );
  const actions = useMemo(() => new FlowActions(editor, workflowId, select), [editor, workflowId, select]);
  const { undo, redo } = useHistory(editor);
  const visited = useMemo(
    () => visitedIn(talk.conversation.turns.at(-1), workflow),
    [talk.conversation.turns, workflow],
  );
  usePaste(actions);

  const step = workflow?.steps.find(each => selected.size === 1 && selected.has(each.id));
  const open = openPort(
    step ?? (workflow?.steps.length === 1 ? workflow.steps[0] : undefined),
    actions,
    types,
  );
  const back = () => requestAnimationFrame(() => canvas.current?.focus());
  const add = (typeName: string, position: { x: number; y: number }, on?: string) => {
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
  const testFrom = (from: Step) => {
    onTesting(true);
    talk.restart({ workflowId, stepId: from.id });
  };
  useCommands([
    { id: "add-step", label: "Add step", group: "Canvas", run: () => setPanel("palette") },
    { id: "find-step", label: "Find step", group: "Canvas", keys: "mod+f", run: () => setPanel("find") },
    { id: "outline", label: "Show outline", group: "Canvas", run: () => setOutline(is => !is) },
    {
      id: "tidy",
      label: "Tidy steps",
      group: "Canvas",
      run: () => canvas.current && void actions.tidy(canvas.current, selected),
    },
    {
      id: "test-here",
      label: "Test from this step",
      group: "Canvas",
      keys: "mod+enter",
      run: () => step && testFrom(step),
    },
  ]);
  if (!workflow) return <NoWorkflow editor={editor} />;
  const side = testing ? (
    <Playground
      projectId={projectId}
      talk={talk}
      onClose={() => onTesting(false)}
      onStep={(workflowAt, id) => {
        onPlace(workflowAt, id);
        canvas.current?.show([id]);
      }}
    />
  ) : step ? (
    <Inspector
      step={step}
      type={types.get(step.type)}
      workflow={workflow}
      problems={problems.filter(
        each => each.stepId === step.id && (each.workflowId ?? workflowId) === workflowId,
      )}
      onChange={(label, changed, key) => actions.put(label, changed, key)}
      onConnect={(port, target) => actions.connect(step.id, port, target)}
      onDelete={() => actions.remove(selected)}
      onLeave={() => canvas.current?.focus()}
      onClose={() => {
        select(NONE);
        canvas.current?.focus();
      }}
    />
  ) : selected.size > 1 ? (
    <Selection
      count={selected.size}
      onCopy={() => void actions.copy(selected)}
      onDelete={() => actions.remove(selected)}
      onTidy={() => canvas.current && void actions.tidy(canvas.current, selected)}
    />
  ) : null;
  const waits = loose || panel === "palette";
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
        onUndo={undo}
        onRedo={redo}
      />
      <SplitPane
        id="inspector"
        label={testing ? "Test" : "Step"}
        side={side}
        main={
          <div className="flex h-full min-h-0">
            {waits && (
              <aside
                aria-label="Steps to add"
                className="w-52 shrink-0 border-line border-e bg-surface max-sm:absolute max-sm:inset-y-0 max-sm:z-10"
              >
                <Palette
                  focused
                  types={types}
                  onClose={() => {
                    setPanel(undefined);
                    setLoose(undefined);
                    canvas.current?.focus();
                  }}
                  onAdd={type => add(type.type, loose?.position ?? beside(step, workflow))}
                />
              </aside>
            )}
            {outline && (
              <aside
                aria-label="Outline"
                className="w-64 shrink-0 overflow-y-auto border-line border-e bg-surface max-md:hidden"
              >
                <Outline workflow={workflow} types={types} selected={selected} onSelect={show} />
              </aside>
            )}
            <div className="min-w-0 flex-1 overflow-y-auto md:hidden">
              <Outline
                workflow={workflow}
                types={types}
                selected={selected}
                onSelect={id => select(new Set([id]))}
              />
            </div>
            <div className="min-w-0 flex-1 max-md:hidden">
              <Canvas
                key={workflowId}
                workflow={workflow}
                types={types}
                problems={problems}
                selected={selected}
                selectedConnection={connection}
                visited={visited}
                onSelect={select}
                onMove={places => actions.move(places)}
                onConnect={(source, port, target, replaced) =>
                  actions.connect(source, port, target, replaced)
                }
                onLoose={setLoose}
                onDrop={add}
                onOpen={() => focusInspector()}
                onReady={handle => {
                  canvas.current = handle;
                }}
                onKey={(event, handle) =>
                  pressed(event, handle, {
                    actions,
                    selected,
                    connection,
                    select,
                    open: what => {
                      if (what === "outline") setOutline(is => !is);
                      else if (what === "problems") props.onProblems();
                      else setPanel(what);
                    },
                    editStep: focusInspector,
                    undo,
                    redo,
                  })
                }
              />
            </div>
          </div>
        }
      />
      {panel === "connect" && step && (
        <Picker
          title={`Connect ${nameOf(step)}`}
          placeholder="Where to: a step's name"
          choices={workflow.steps
            .filter(each => each.type !== "start")
            .map(each => ({ id: each.id, label: nameOf(each), hint: summaryOf(each, types.get(each.type)) }))}
          onClose={() => {
            setPanel(undefined);
            back();
          }}
          onChoose={target => {
            const port = openPort(step, actions, types)?.port ?? portsOf(step, types.get(step.type))[0]?.id;
            if (port) actions.connect(step.id, port, target);
            setPanel(undefined);
            back();
          }}
        />
      )}
      {panel === "find" && (
        <Picker
          title="Find step"
          placeholder="Name, text, variable, type or id"
          choices={document.workflows.flatMap(flow =>
            flow.steps.map(each => ({
              id: `${flow.id}\n${each.id}`,
              label: nameOf(each),
              hint: [flow.name || flow.id, titleOf(each.type), summaryOf(each, types.get(each.type))]
                .filter(Boolean)
                .join(" · "),
              find: `${each.id} ${JSON.stringify(each.config)}`,
            })),
          )}
          onClose={() => {
            setPanel(undefined);
            back();
          }}
          onChoose={chosen => {
            const [flow = "", id = ""] = chosen.split("\n");
            setPanel(undefined);
            onPlace(flow, id);
            requestAnimationFrame(() => canvas.current?.show([id]));
            back();
          }}
        />
      )}
    </ProjectNames>
  );
}

/** Steps that come from the clipboard, wherever they were copied. */
function usePaste(actions: FlowActions): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const target = event.target instanceof Element ? event.target : null;
      if (target?.closest("input, textarea, [contenteditable]")) return;
      if (actions.paste(event.clipboardData?.getData("text/plain") ?? "")) event.preventDefault();
    };
    addEventListener("paste", paste);
    return () => removeEventListener("paste", paste);
  }, [actions]);
}

function focusInspector(): void {
  requestAnimationFrame(() => globalThis.document.getElementById("step-name")?.focus());
}

function NoWorkflow({ editor }: { readonly editor: Editor }) {
  const edit = editor(state => state.edit);
  return (
    <EmptyState
      icon={WorkflowIcon}
      title="A workflow is the path that a conversation takes."
      actions={
        <Button
          look="primary"
          onClick={() =>
            edit("Add workflow", now => ({
              ...now,
              workflows: [
                {
                  id: "main",
                  name: "Main",
                  primary: true,
                  steps: [{ id: "start", type: "start", config: {}, position: { x: 0, y: 0 } }],
                  connections: [],
                },
              ],
            }))
          }
        >
          Add workflow
        </Button>
      }
    />
  );
}

import type { Schema } from "@client/api";
import { useMay } from "@dashboard/data/roles";
import { lazyPart } from "@dashboard/lazy-part";
import { type RefObject, Suspense, useMemo } from "react";
import type { StepType } from "../data/schema";
import type { Editor } from "../editing/editor";
import type { Workflow } from "../editing/flow";
import { countsOf, notesOf, withHeld } from "../editing/notes";
import { downstream } from "../editing/placed";
import { LastTestProvider } from "../form/preview";
import { useConversationNames } from "../playground/conversation-state";
import { Playground } from "../playground/playground";
import type { Talk } from "../playground/use-conversation";
import type { Spot } from "./comments-data";
import { CommonFields } from "./common-fields";
import type { FlowActions } from "./flow-actions";
import type { CanvasHandle } from "./handle";
import { Inspector } from "./inspector";
import { NotePanel } from "./note-panel";
import { Selection } from "./selection";

const Comments = lazyPart(() => import("./comments"));

export type SidePanelName = "test" | "comments" | "step" | "note" | "selection";

export interface SidePanelProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly actions: FlowActions;
  readonly selected: ReadonlySet<string>;
  readonly canvas: RefObject<CanvasHandle | null>;
  readonly talk: Talk;
  readonly panel: SidePanelName | undefined;
  readonly redTests: ReadonlyMap<string, readonly Schema<"Test">[]>;
  /** Where a comment is begun. */
  readonly spot: Spot | undefined;
  readonly onPanel: (panel: "comments" | undefined) => void;
  readonly onPlace: (workflowId: string, stepId: string | undefined) => void;
  readonly onSelect: (ids: ReadonlySet<string>) => void;
  /** A frame around what is chosen. */
  readonly onFrame: () => void;
}

/** What stands beside the canvas: the step or note, several, what is said of them, or a conversation with the draft. */
export function SidePanel(props: SidePanelProps) {
  const { projectId, workflow, actions, selected, canvas, panel, onPanel, onPlace, onSelect } = props;
  const step = workflow.steps.find(each => selected.size === 1 && selected.has(each.id));
  const problems = props.editor(state => state.problems);
  const edits = useMay("edit");
  const values = useConversationNames(projectId, props.talk);
  const timeZone = props.editor(state => state.document.behaviourConfig.timeZone);
  const test = useMemo(() => values && { projectId, values, timeZone }, [projectId, values, timeZone]);
  const leave = () => canvas.current?.focus();
  const close = () => {
    onPanel(undefined);
    leave();
  };
  if (panel === "test")
    return <Playground projectId={projectId} talk={props.talk} onClose={close} onStep={onPlace} />;
  if (panel === "comments" && props.spot) {
    return (
      <Suspense>
        <Comments
          projectId={projectId}
          workflow={workflow}
          spot={props.spot}
          onShow={thread => thread.stepId && onPlace(workflow.id, thread.stepId)}
          onClose={close}
        />
      </Suspense>
    );
  }
  if (panel === "step" && step) {
    return (
      <LastTestProvider value={test}>
        <Inspector
          projectId={projectId}
          step={step}
          type={props.types.get(step.type)}
          workflow={workflow}
          problems={problems.filter(
            each => each.stepId === step.id && (each.workflowId ?? workflow.id) === workflow.id,
          )}
          redTests={props.redTests.get(step.id) ?? []}
          onChange={(label, changed, key) => actions.put(label, changed, key)}
          onConnect={(port, target) => actions.connect(step.id, port, target)}
          onDelete={() => actions.remove(selected)}
          onComment={() => onPanel("comments")}
          onLeave={leave}
          onClose={() => {
            onSelect(new Set());
            leave();
          }}
        />
      </LastTestProvider>
    );
  }
  const note = notesOf(workflow).find(each => selected.size === 1 && selected.has(each.id));
  if (panel === "note" && note) {
    const all = withHeld(workflow, selected, canvas.current?.sizes() ?? new Map());
    const held = new Set([...all].filter(id => id !== note.id));
    return (
      <NotePanel
        key={note.id}
        note={note}
        held={held.size > 0 ? countsOf(workflow, held) : undefined}
        onChange={(changed, key) => actions.putNote(changed, key)}
        onHeld={() => onSelect(all)}
        onDelete={() => actions.remove(selected)}
        onLeave={leave}
        onClose={() => {
          onSelect(new Set());
          leave();
        }}
      />
    );
  }
  if (panel !== "selection" || !edits) return null;
  const steps = workflow.steps.filter(each => selected.has(each.id));
  const onCanvas = (act: (handle: CanvasHandle) => void) => () => canvas.current && act(canvas.current);
  return (
    <Selection
      what={countsOf(workflow, selected)}
      steps={steps.length}
      onAlign={edge => onCanvas(handle => actions.align(handle, selected, edge))()}
      onDistribute={axis => onCanvas(handle => actions.distribute(handle, selected, axis))()}
      onGroup={name => actions.group(selected, name)}
      onFrame={props.onFrame}
      onDownstream={() => onSelect(downstream(workflow, selected))}
      onDuplicate={() => actions.duplicate(selected)}
      onCopy={() => void actions.copy(selected)}
      onTidy={onCanvas(handle => void actions.tidy(handle, selected))}
      onDelete={() => actions.remove(selected)}
    >
      {steps.length > 1 && (
        <CommonFields
          key={[...selected].join()}
          steps={steps}
          types={props.types}
          onChange={(field, value) => actions.putAll(selected, field, value)}
        />
      )}
    </Selection>
  );
}

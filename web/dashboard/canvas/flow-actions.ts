import { copyText } from "@ui/copy-button";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import type { StepType } from "../data/schema";
import { type Belongings, missingIn, withBelongings } from "../editing/belongings";
import type { Editor } from "../editing/editor";
import {
  connect,
  inWorkflow,
  newStep,
  portsOf,
  type Step,
  type Workflow,
  without,
  withSteps,
} from "../editing/flow";
import { tellEdit } from "../editing/history";
import {
  type Box,
  called,
  MANY,
  moved,
  type Note,
  type NoteKind,
  newNote,
  notesOf,
  tidied,
  withHeld,
  withNote,
  withNotes,
} from "../editing/notes";
import { aligned, distributed, type Edge, grouped } from "../editing/placed";
import { earlier, later } from "../editing/reordering";
import type { Shapes } from "../editing/shapes";
import type { Loose } from "./canvas";
import { copied, pasted, placed } from "./clipboard";
import type { CanvasHandle } from "./handle";
import { addedType } from "./recent";
import { tidy } from "./tidy";

type Ids = ReadonlySet<string>;
type Place = { readonly x: number; readonly y: number };
type Places = ReadonlyMap<string, Place>;

/** What was pasted. */
export interface Taken {
  readonly missing: Belongings;
  readonly place: Place;
}

/** A sentence begins with a capital. */
const begun = (sentence: string) => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** Everything that can be done to one workflow, each an edit that can be undone. */
export class FlowActions {
  constructor(
    private readonly editor: Editor,
    readonly workflowId: string,
    private readonly select: (ids: Ids, connection?: string) => void,
    private readonly shapes: Shapes,
  ) {}

  get workflow(): Workflow | undefined {
    return this.editor.getState().document.workflows.find(each => each.id === this.workflowId);
  }

  private change(label: string, change: (workflow: Workflow) => Workflow, key?: string): void {
    this.editor.getState().edit(label, document => inWorkflow(document, this.workflowId, change), key);
  }

  put(label: string, step: Step, key: string): void {
    this.change(label, workflow => withSteps(workflow, new Set([step.id]), () => step), key);
  }

  /** Gives one field of several steps a value; `undefined`: it is left out. */
  putAll(ids: Ids, field: string, value: unknown): void {
    const put = (step: Step): Step => {
      const { [field]: _, ...config } = step.config;
      return {
        ...step,
        config: (value === undefined ? config : { ...config, [field]: value }) as Step["config"],
      };
    };
    this.change(
      t("Edit %{size} steps", { size: ids.size }),
      workflow => withSteps(workflow, ids, put),
      `${[...ids].join()}.${field}`,
    );
  }

  /** Moves a step one place along its way; says why, where that cannot be. */
  reorder(id: string, way: "earlier" | "later"): void {
    const { workflow } = this;
    if (!workflow) return;
    const next = (way === "earlier" ? earlier : later)(workflow, id);
    if (typeof next === "string") toast(t("Not moved"), { description: next });
    else this.change(t("Move step %{way}", { way }), () => next);
  }

  /** Adds a step; wired to the port that waited for it, or into the connection that it was dropped on. */
  add(
    type: StepType,
    position: { x: number; y: number },
    from?: Pick<Loose, "stepId" | "port">,
    on?: string,
  ): void {
    const step = newStep(type, position);
    addedType(type.type);
    this.change(t("Add %{type}", { type: type.type }), workflow => {
      let next: Workflow = { ...workflow, steps: [...workflow.steps, step] };
      const cut = on && workflow.connections.find(each => each.id === on);
      const before =
        from &&
        workflow.connections.find(each => each.source === from.stepId && each.sourcePort === from.port);
      const inserted = cut || before;
      if (cut) next = connect(next, cut.source, cut.sourcePort, step.id);
      else if (from) next = connect(next, from.stepId, from.port, step.id);
      const [way] = portsOf(step, type);
      if (inserted && way) next = connect(next, step.id, way.id, inserted.target);
      return next;
    });
    this.select(new Set([step.id]));
  }

  connect(source: string, port: string, target: string | undefined, replaced?: string): void {
    this.change(target ? t("Connect steps") : t("Disconnect steps"), workflow => {
      const left = { ...workflow, connections: workflow.connections.filter(each => each.id !== replaced) };
      if (target) return connect(left, source, port, target);
      const kept = left.connections.filter(each => each.source !== source || each.sourcePort !== port);
      return { ...left, connections: kept };
    });
  }

  disconnect(connectionId: string): void {
    this.change(t("Remove connection"), workflow => ({
      ...workflow,
      connections: workflow.connections.filter(each => each.id !== connectionId),
    }));
    this.select(new Set());
  }

  /** What is chosen, as a sentence names it. */
  private called(ids: Ids): string {
    return this.workflow ? called(this.workflow, ids) : "";
  }

  move(places: Places, key?: string): void {
    const what = this.called(new Set(places.keys()));
    this.change(t("Move %{what}", { what }), workflow => moved(workflow, places), key);
  }

  /** Moves what is chosen, and with a frame what lies in it. */
  nudge(canvas: CanvasHandle | null, ids: Ids, x: number, y: number): void {
    const { workflow } = this;
    if (!workflow) return;
    const all = canvas ? withHeld(workflow, ids, canvas.sizes()) : ids;
    const places = this.chosen(all).map(
      each => [each.id, { x: each.position.x + x, y: each.position.y + y }] as const,
    );
    this.move(new Map(places), "nudge");
  }

  /** Adds a note or a frame, if there is room for one more. */
  addNote(kind: NoteKind, box: Box): void {
    if (!this.hasRoom(1)) return;
    const note = newNote(kind, box);
    const label = kind === "frame" ? t("Add frame") : t("Add note");
    this.change(label, workflow => withNotes(workflow, notes => [...notes, note]));
    this.select(new Set([note.id]));
  }

  putNote(note: Note, key?: string): void {
    const what = this.called(new Set([note.id]));
    this.change(t("Edit %{what}", { what }), workflow => withNote(workflow, note.id, () => note), key);
  }

  private hasRoom(count: number): boolean {
    const left = MANY - (this.workflow ? notesOf(this.workflow).length : 0);
    if (count <= Math.max(0, left)) return true;
    toast(t("Not added"), { description: t("A workflow has at most %{MANY} notes and frames.", { MANY }) });
    return false;
  }

  remove(ids: Ids): void {
    const { workflow } = this;
    if (!workflow) return;
    const starts = workflow.steps.filter(each => each.type === "start").map(each => each.id);
    const gone = new Set(this.chosen(ids).flatMap(({ id }) => (starts.includes(id) ? [] : id)));
    if (gone.size === 0) return;
    const what = called(workflow, gone);
    this.change(t("Delete %{what}", { what }), now =>
      withNotes(without(now, gone), notes => notes.filter(each => !gone.has(each.id))),
    );
    this.select(new Set());
    tellEdit(this.editor, begun(t("%{what} deleted", { what })));
  }

  /** Whether it is on the clipboard. */
  async copy(ids: Ids): Promise<boolean> {
    if (!this.workflow || ids.size === 0) return false;
    const what = this.called(ids);
    const { document } = this.editor.getState();
    const done = await copyText(copied(document, this.workflow, ids, this.shapes));
    if (done) toast(begun(t("%{what} copied", { what })));
    else toast(t("Not copied"), { description: t("The browser keeps its clipboard closed."), bad: true });
    return done;
  }

  /**
   * Takes steps and notes in, their middle at a place; answers with what they use that the project lacks, and where the
   * first of them is; `undefined`: nothing was taken.
   */
  paste(text: string, at: Place | "beside", label = t("Paste steps")): Taken | undefined {
    const { workflow } = this;
    const read = pasted(text, this.shapes);
    if (typeof read === "string") toast(t("Not pasted"), { description: read });
    if (!workflow || typeof read !== "object" || !this.hasRoom(read.notes.length)) return undefined;
    const snippet = placed(read, workflow, at);
    const all = [...snippet.steps, ...snippet.notes];
    const [first] = all;
    if (!first) return undefined;
    this.change(label, now => ({
      ...withNotes(now, notes => [...notes, ...snippet.notes]),
      steps: [...now.steps, ...snippet.steps],
      connections: [...now.connections, ...snippet.connections],
    }));
    this.select(new Set(all.map(each => each.id)));
    const missing = missingIn(this.editor.getState().document, snippet.belongings);
    return { missing, place: first.position };
  }

  /** Gives the project what pasted steps use. */
  give(belongings: Belongings): void {
    this.editor.getState().edit(t("Create what steps use"), document => withBelongings(document, belongings));
  }

  duplicate(ids: Ids): void {
    const { document } = this.editor.getState();
    const label = t("Duplicate %{what}", { what: this.called(ids) });
    if (this.workflow && ids.size > 0)
      this.paste(copied(document, this.workflow, ids, this.shapes), "beside", label);
  }

  private chosen(ids: Ids): readonly (Step | Note)[] {
    const { workflow } = this;
    return workflow ? [...workflow.steps, ...notesOf(workflow)].filter(each => ids.has(each.id)) : [];
  }

  align(canvas: CanvasHandle, ids: Ids, edge: Edge): void {
    this.move(aligned(this.chosen(ids), canvas.sizes(), edge));
  }

  distribute(canvas: CanvasHandle, ids: Ids, axis: "x" | "y"): void {
    this.move(distributed(this.chosen(ids), canvas.sizes(), axis));
  }

  /** Puts the steps into a workflow of their own; answers with why that cannot be. */
  group(ids: Ids, name: string): string | undefined {
    const { workflow } = this;
    if (!workflow) return undefined;
    const result = grouped(workflow, ids, name);
    if (typeof result === "string") return result;
    this.editor.getState().edit(t("Group steps"), document => {
      const changed = inWorkflow(document, workflow.id, () => result.workflow);
      return { ...changed, workflows: [...changed.workflows, result.made] };
    });
    this.select(new Set([result.stepId]));
    return undefined;
  }

  /** Puts the steps in order from left to right, those chosen, else all; frames go with what lies in them. */
  async tidy(canvas: CanvasHandle, ids: Ids): Promise<void> {
    const { workflow } = this;
    if (!workflow) return;
    const some = workflow.steps.filter(each => ids.has(each.id));
    const chosen = some.length > 1 ? some : workflow.steps;
    const sizes = canvas.sizes();
    const own = new Set(chosen.map(each => each.id));
    const found = await tidy({
      boxes: chosen.map(each => ({
        id: each.id,
        y: each.position.y,
        ...(sizes.get(each.id) ?? { width: 240, height: 96 }),
      })),
      lines: workflow.connections
        .filter(each => own.has(each.source) && own.has(each.target))
        .map(each => ({ from: each.source, to: each.target })),
    });
    const left = Math.min(...chosen.map(each => each.position.x));
    const top = Math.min(...chosen.map(each => each.position.y));
    const places = new Map(
      Object.entries(found).map(([id, { x, y }]) => [id, { x: x + left, y: y + top }] as const),
    );
    canvas.glide(() => this.change(t("Tidy steps"), now => tidied(now, places, sizes)));
    canvas.fit();
  }

  /** The step that one comes to, or from, along a connection. */
  along(id: string, forward: boolean): string | undefined {
    const found = this.workflow?.connections.find(each => (forward ? each.source : each.target) === id);
    return forward ? found?.target : found?.source;
  }
}

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
  snapped,
  type Workflow,
  without,
  withSteps,
} from "../editing/flow";
import { aligned, distributed, type Edge, grouped } from "../editing/placed";
import { earlier, later } from "../editing/reordering";
import type { Loose } from "./canvas";
import { copied, pasted } from "./clipboard";
import type { CanvasHandle } from "./handle";
import { addedType } from "./recent";
import { tidy } from "./tidy";

type Ids = ReadonlySet<string>;

/** Everything that can be done to one workflow, each an edit that can be undone. */
export class FlowActions {
  constructor(
    private readonly editor: Editor,
    readonly workflowId: string,
    private readonly select: (ids: Ids, connection?: string) => void,
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

  move(places: ReadonlyMap<string, { x: number; y: number }>, key?: string): void {
    const label = places.size === 1 ? t("Move step") : t("Move %{size} steps", { size: places.size });
    this.change(
      label,
      workflow =>
        withSteps(workflow, new Set(places.keys()), step => ({
          ...step,
          position: snapped(places.get(step.id) ?? step.position),
        })),
      key,
    );
  }

  nudge(ids: Ids, x: number, y: number): void {
    const steps = this.workflow?.steps.filter(each => ids.has(each.id)) ?? [];
    this.move(
      new Map(steps.map(each => [each.id, { x: each.position.x + x, y: each.position.y + y }])),
      "nudge",
    );
  }

  remove(ids: Ids): void {
    const steps = this.workflow?.steps.filter(each => ids.has(each.id) && each.type !== "start") ?? [];
    if (steps.length === 0) return;
    const gone = new Set(steps.map(each => each.id));
    const label = steps.length === 1 ? t("Delete step") : t("Delete %{steps} steps", { steps: steps.length });
    this.change(label, workflow => without(workflow, gone));
    this.select(new Set());
    toast(steps.length === 1 ? t("Step deleted") : t("%{steps} steps deleted", { steps: steps.length }), {
      onUndo: () => void this.editor.getState().undo(),
    });
  }

  async copy(ids: Ids): Promise<void> {
    if (!this.workflow || ids.size === 0) return;
    await navigator.clipboard.writeText(copied(this.editor.getState().document, this.workflow, ids));
    toast(ids.size === 1 ? t("Step copied") : t("%{size} steps copied", { size: ids.size }));
  }

  /** Takes steps in; answers with what they use that the project lacks; `undefined`: the text is none of steps. */
  paste(text: string, label = t("Paste steps")): Belongings | undefined {
    const snippet = pasted(text, { x: 40, y: 40 });
    if (!snippet || snippet.steps.length === 0) return undefined;
    this.change(label, workflow => ({
      ...workflow,
      steps: [...workflow.steps, ...snippet.steps],
      connections: [...workflow.connections, ...snippet.connections],
    }));
    this.select(new Set(snippet.steps.map(each => each.id)));
    return missingIn(this.editor.getState().document, snippet.belongings);
  }

  /** Gives the project what pasted steps use. */
  give(belongings: Belongings): void {
    this.editor.getState().edit(t("Create what steps use"), document => withBelongings(document, belongings));
  }

  duplicate(ids: Ids): void {
    const { document } = this.editor.getState();
    if (this.workflow && ids.size > 0) this.paste(copied(document, this.workflow, ids), t("Duplicate steps"));
  }

  private chosen(ids: Ids): readonly Step[] {
    return this.workflow?.steps.filter(each => ids.has(each.id)) ?? [];
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

  /** Puts the steps in order from left to right; those chosen, else all. */
  async tidy(canvas: CanvasHandle, ids: Ids): Promise<void> {
    const { workflow } = this;
    if (!workflow) return;
    const chosen = ids.size > 1 ? workflow.steps.filter(each => ids.has(each.id)) : workflow.steps;
    const sizes = canvas.sizes();
    const own = new Set(chosen.map(each => each.id));
    const places = await tidy({
      boxes: chosen.map(each => ({ id: each.id, width: 240, height: 96, ...sizes.get(each.id) })),
      lines: workflow.connections
        .filter(each => own.has(each.source) && own.has(each.target))
        .map(each => ({ from: each.source, to: each.target })),
    });
    const left = Math.min(...chosen.map(each => each.position.x));
    const top = Math.min(...chosen.map(each => each.position.y));
    this.move(new Map(Object.entries(places).map(([id, { x, y }]) => [id, { x: x + left, y: y + top }])));
    canvas.fit();
  }

  /** The step that one comes to, or from, along a connection. */
  along(id: string, forward: boolean): string | undefined {
    const found = this.workflow?.connections.find(each => (forward ? each.source : each.target) === id);
    return forward ? found?.target : found?.source;
  }
}

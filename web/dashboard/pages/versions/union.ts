import type { Connection, Workflow } from "@dashboard/editing/flow";
import { notesOf, withNotes } from "@dashboard/editing/notes";
import type { Comparison } from "@dashboard/publish/data";
import { t } from "@ui/words";

export type Change = Comparison["changes"][number];
export type Mark = "added" | "removed" | "changed";

/** A workflow as it was and as it is, in one: what is gone stays where it was. */
export interface Union {
  readonly workflow: Workflow;
  /** What became of a step, a note or a connection, by its id in the union. */
  readonly marks: ReadonlyMap<string, Mark>;
}

/** What can be shown on a canvas: steps, notes and connections. Where a step lies is no difference to whoever talks to it. */
export function drawn(changes: readonly Change[]): readonly Change[] {
  return changes.filter(
    ({ what, kind, workflowId }) =>
      workflowId && kind !== "moved" && (what === "step" || what === "note" || what === "connection"),
  );
}

/** Both workflows on one canvas. A connection of before keeps its end, and gets an id that no other has. */
export function union(before: Workflow | undefined, after: Workflow | undefined): Union | undefined {
  const base = after ?? before;
  if (!base) return undefined;
  const marks = new Map<string, Mark>();
  const steps = joined(before?.steps ?? [], after?.steps ?? [], marks);
  const notes = joined(before ? notesOf(before) : [], after ? notesOf(after) : [], marks);
  const led = byPort(before?.connections);
  const leads = byPort(after?.connections);
  for (const [port, { id, target }] of leads) {
    const old = led.get(port);
    if (!old) marks.set(id, "added");
    else if (old.target !== target) marks.set(id, "changed");
  }
  const lost = [...led].filter(([port, { target }]) => leads.get(port)?.target !== target);
  const old = lost.map(([, each]) => ({ ...each, id: lostId(each) }));
  for (const { id } of old) marks.set(id, "removed");
  return {
    workflow: {
      ...withNotes(base, () => notes),
      steps,
      connections: [...(after?.connections ?? []), ...old],
    },
    marks,
  };
}

/** What there is and what there was, each marked that is no more the same; where it lies, and how large, is no difference. */
function joined<Item extends { readonly id: string }>(
  before: readonly Item[],
  after: readonly Item[],
  marks: Map<string, Mark>,
): Item[] {
  const was = new Map(before.map(each => [each.id, each]));
  const now = new Set(after.map(each => each.id));
  const apart = (item: Item) => ({ ...item, position: null, size: null });
  for (const each of after) {
    const old = was.get(each.id);
    if (!old) marks.set(each.id, "added");
    else if (!isSame(apart(old), apart(each))) marks.set(each.id, "changed");
  }
  const gone = before.filter(each => !now.has(each.id));
  for (const { id } of gone) marks.set(id, "removed");
  return [...after, ...gone];
}

/** Where a change is to be looked for: the step or note, or the two that a connection joins. */
export function placesOf(change: Change, { workflow }: Union): readonly string[] {
  if (change.what === "step" || change.what === "note") return [change.id];
  const ids = [change.id, lostId(change)];
  return workflow.connections
    .filter(each => ids.includes(each.id))
    .flatMap(each => [each.source, each.target]);
}

const lostId = ({ id }: { readonly id: string }) => t("%{id} before", { id });

/** The connections that are taken: of several that leave by one port, the first. */
function byPort(connections: readonly Connection[] = []): Map<string, Connection> {
  const found = new Map<string, Connection>();
  for (const each of connections) {
    const port = `${each.source}\n${each.sourcePort}`;
    if (!found.has(port)) found.set(port, each);
  }
  return found;
}

/** Whether two values of JSON say the same, in whatever order their fields stand. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== "object" || typeof other !== "object" || !one || !other) return one === other;
  if (Array.isArray(one) !== Array.isArray(other)) return false;
  const [left, right] = [one as Record<string, unknown>, other as Record<string, unknown>];
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every(name => name in right && isSame(left[name], right[name]))
  );
}

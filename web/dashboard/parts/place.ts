import type { ProjectDocument } from "@dashboard/data/projects";
import type { Problem } from "@dashboard/editing/flow";
import { equal } from "@dashboard/editing/merge";
import { firstChanged, touched } from "@dashboard/editing/touched";
import { harnessOf, PATH } from "../agentic/harness";
import { idOf, KINDS, type Kind, kindOf, type Part } from "./kinds";

/** Where something is edited. */
export interface Place {
  readonly workflow?: string;
  readonly step?: string;
  readonly kind?: Kind;
  readonly tab?: string;
  readonly item?: string;
}

/** Where a problem is mended; `undefined`: nowhere on this page. */
export function placeOf(
  { path, workflowId, stepId }: Pick<Problem, "path" | "workflowId" | "stepId">,
  document: ProjectDocument,
): Place | undefined {
  if (workflowId) return { workflow: workflowId, step: stepId ?? undefined };
  const [, list, index] = /^(\w+)\[(\d+)\]/.exec(path) ?? [];
  const kind = kindOf(list);
  if (kind) {
    const part = document[kind][Number(index)];
    return { kind, item: part && idOf(part) };
  }
  if (document.framework !== "agentic" || !path.startsWith("behaviourConfig")) return undefined;
  const phase = /\.phases\[(\d+)\]/.exec(path)?.[1];
  if (phase !== undefined) return { tab: "phases", item: harnessOf(document).phases?.[Number(phase)]?.id };
  if (/allowedToolIds|uiBuiltins/.test(path)) return { tab: "tools" };
  if (/allowedPlaybookIds/.test(path)) return { tab: "playbooks" };
  return { tab: /max|budget|allowedHosts/.test(path) ? "limits" : "persona" };
}

/** Where two documents differ first, parts before what uses them; `undefined`: nowhere on this page. */
export function changedPlace(before: ProjectDocument, after: ProjectDocument): Place | undefined {
  const kind = KINDS.find(each => !equal(before[each], after[each]));
  if (kind) {
    const part = firstChanged<Part>(before[kind], after[kind], idOf);
    return { kind, item: part && idOf(part) };
  }
  const flow = touched(before, after);
  if (flow) return { workflow: flow.workflowId, step: flow.stepIds[0] };
  const [was, now] = [harnessOf(before), harnessOf(after)];
  if (!equal(was.phases, now.phases)) {
    return { tab: "phases", item: firstChanged(was.phases ?? [], now.phases ?? [], each => each.id)?.id };
  }
  const field = differing(was, now);
  if (field) return placeOf({ path: `${PATH}.${field}` }, after);
  const setting = differing(before.behaviourConfig, after.behaviourConfig);
  return setting ? placeOf({ path: `behaviourConfig.${setting}` }, after) : undefined;
}

/** The first field that is different. */
function differing(before: object, after: object): string | undefined {
  const values = new Map(Object.entries(before));
  return Object.keys({ ...before, ...after }).find(
    each => !equal(values.get(each), (after as Record<string, unknown>)[each]),
  );
}

import type { ProjectDocument } from "@dashboard/data/projects";
import type { Problem } from "@dashboard/editing/flow";
import { harnessOf } from "../agentic/harness";
import { idOf, type Kind, kindOf } from "./kinds";

/** Where something is edited. */
export interface Place {
  readonly workflow?: string;
  readonly step?: string;
  readonly kind?: Kind;
  readonly tab?: string;
  readonly item?: string;
}

/** Where a problem is mended; `undefined`: nowhere on this page. */
export function placeOf({ path, workflowId, stepId }: Problem, document: ProjectDocument): Place | undefined {
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

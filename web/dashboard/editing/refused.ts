import type { ApiError } from "@client/api";
import type { ProjectDocument } from "@dashboard/data/projects";
import type { Problem } from "./flow";

const CODE = "refused";
const PLACE = /^workflows\[(\d+)\](?:\.steps\[(\d+)\])?/;

/** The problems, and with them what a save was refused for, each at its place; what an earlier one was refused for is left out. */
export function withRefused(
  problems: readonly Problem[],
  details: ApiError["details"],
  document: ProjectDocument,
): Problem[] {
  const refused = (details ?? []).map(({ path, message }): Problem => {
    const [, flow, step] = PLACE.exec(path) ?? [];
    const workflow = flow === undefined ? undefined : document.workflows[Number(flow)];
    return {
      severity: "error",
      code: CODE,
      message,
      path,
      workflowId: workflow?.id ?? null,
      stepId: (step === undefined ? undefined : workflow?.steps[Number(step)]?.id) ?? null,
      fix: null,
    };
  });
  return [...problems.filter(each => each.code !== CODE), ...refused];
}

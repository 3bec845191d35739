import { errorOf } from "@client/api";
import type { ProjectEvent } from "@dashboard/data/events";
import { fromServer } from "@dashboard/data/filled";
import type { Draft } from "@dashboard/data/projects";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { type Editor, revisionOf } from "./editor";

type Revision = Extract<ProjectEvent, { type: "revision" }>["payload"];

/** Takes in what somebody else has saved, and tells of it in a line; a value that both gave stays open, side by side. */
export async function join(editor: Editor, told: (message: string) => void, by?: Revision): Promise<void> {
  const { projectId, etag: before } = editor.getState();
  const response = await fetch(`/api/v1/projects/${encodeURIComponent(projectId)}`);
  if (!response.ok) throw await errorOf(response);
  const document = fromServer(await response.json());
  const { etag, clashes, take } = editor.getState();
  const now = response.headers.get("ETag") ?? "";
  // It was read before what I have saved meanwhile.
  const isOld = etag !== before && revisionOf(now) < revisionOf(etag);
  if (now === etag || isOld) return;
  take(document, now);
  const clashed = editor.getState().clashes.some(each => !clashes.includes(each));
  const who = by?.memberName ?? t("Somebody else");
  told(
    clashed ? t("%{who} changed the same field. Both values are kept.", { who }) : `${who} ${changes(by)}`,
  );
}

/** Takes in a document that was read, under what is being edited; `false`: it is older than what I have saved. */
export function takeRead(editor: Editor, { document, etag }: Draft): boolean {
  const { etag: known, take } = editor.getState();
  if (revisionOf(etag) > revisionOf(known)) take(document, etag);
  return revisionOf(etag) >= revisionOf(known);
}

/** "changed 2 steps", "changed variables". */
function changes(by: Revision | undefined): string {
  const steps = by?.workflows.reduce((sum, each) => sum + each.steps.length, 0) ?? 0;
  if (steps > 0) return t("changed %{value}", { value: counted(steps, "step") });
  if (by?.workflows.some(each => each.notes)) return t("changed notes");
  return by && by.parts.length > 0
    ? t("changed %{join}", { join: by.parts.join(", ") })
    : t("changed the project");
}

import { api, type Schema, sent } from "@client/api";
import type { QueryClient } from "@tanstack/react-query";
import { t } from "@ui/words";
import type { Taken } from "./use-conversation";

/** A turn as a command for a terminal. */
export function curlOf(projectId: string, versionId: string, { action, begin, userId }: Taken): string {
  const body = { userId, action, versionId, ...(begin && { start: begin }) };
  return [
    `curl -X POST '${location.origin}/api/v1/projects/${projectId}/chat'`,
    `-H "Authorization: Bearer $CONDUET_TOKEN"`,
    `-H 'Content-Type: application/json'`,
    `-d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ].join(" \\\n  ");
}

/** The address at which a turn can be read by others of the project. Throws where nothing is kept of it yet. */
export async function linkTo(
  client: QueryClient,
  projectId: string,
  { userId, turnId }: Taken,
): Promise<string> {
  const transcript = await transcriptOf(client, projectId, userId);
  return `${location.origin}/p/${projectId}/transcripts/${transcript}?turn=${turnId}`;
}

/** Makes a test of the conversation that a turn is of. */
export async function addTest(
  client: QueryClient,
  projectId: string,
  { userId }: Taken,
): Promise<Schema<"Test">> {
  const fromTranscript = await transcriptOf(client, projectId, userId);
  const params = { path: { projectId } };
  const made = await sent(
    api.POST("/api/v1/projects/{projectId}/tests", { params, body: { fromTranscript } }),
  );
  await client.invalidateQueries({ queryKey: ["project", projectId] });
  return made;
}

function transcriptOf(client: QueryClient, projectId: string, userId: string): Promise<string> {
  return client.fetchQuery({
    queryKey: ["project", projectId, "transcript-of", userId],
    staleTime: 0,
    queryFn: async ({ signal }) => {
      const query = { userId, include: "dashboard" as const, limit: 1 };
      const params = { path: { projectId }, query };
      const [found] = await sent(api.GET("/api/v1/projects/{projectId}/transcripts", { params, signal }));
      if (!found) throw new Error(t("Nothing of this conversation is kept yet."));
      return found.id;
    },
  });
}

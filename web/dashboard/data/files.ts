import type { Schema } from "@client/api";

/** A file that a user sent, as it is shown: pictures are, by their type. */
export interface Sent {
  readonly text: string;
  readonly url: string;
  readonly mimeType: string;
}

/**
 * What was uploaded is fetched from this server, whatever address its sender gave; what is kept elsewhere is only led to,
 * so that nobody there learns who reads.
 */
export function sentFile({ url, mimeType, name }: Schema<"TranscriptFile">): Sent {
  if (name === null) return { text: url, url, mimeType: "" };
  return {
    text: name,
    url: `/api/v1/files/${url.slice(url.lastIndexOf("/") + 1)}`,
    mimeType: mimeType ?? "",
  };
}

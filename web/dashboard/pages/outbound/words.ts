import type { Run } from "@dashboard/data/runs";
import type { Tone } from "@ui/badge";
import type { Shelf } from "./route";

export const STATUS: Readonly<Record<Run["status"], { readonly label: string; readonly tone: Tone }>> = {
  generating: { label: "Being written", tone: "info" },
  waiting: { label: "Waits for approval", tone: "warn" },
  scheduled: { label: "Scheduled", tone: "info" },
  publishing: { label: "Being published", tone: "info" },
  published: { label: "Published", tone: "ok" },
  failed: { label: "Failed", tone: "bad" },
  unknown: { label: "Not known", tone: "warn" },
  rejected: { label: "Rejected", tone: "neutral" },
};

export const SHELF: Readonly<Record<Shelf, { readonly label: string; readonly empty: string }>> = {
  waiting: { label: "Waiting", empty: "No post waits for approval" },
  scheduled: { label: "Scheduled", empty: "No post is scheduled" },
  published: { label: "Published", empty: "Nothing has been published yet" },
  unknown: { label: "Not known", empty: "It is known of every post whether it is public" },
  failed: { label: "Failed", empty: "No run has failed" },
  rejected: { label: "Rejected", empty: "No post was rejected" },
  all: { label: "All", empty: "No pipeline has run yet" },
};

/** Several names in a sentence: `Slack, X and e-mail`. */
export const listed = (names: readonly string[]) =>
  new Intl.ListFormat("en", { type: "conjunction" }).format([...new Set(names)]);

/** A moment with its day, in this browser's time zone. */
export const moment = (at: string | Date) =>
  new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

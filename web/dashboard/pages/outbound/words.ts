import type { Run } from "@dashboard/data/runs";
import type { Tone } from "@ui/badge";
import { t } from "@ui/words";
import type { Shelf } from "./route";

export const STATUS: Readonly<Record<Run["status"], { readonly label: string; readonly tone: Tone }>> = {
  generating: { label: t("Being written"), tone: "info" },
  waiting: { label: t("Waits for approval"), tone: "warn" },
  scheduled: { label: t("Scheduled"), tone: "info" },
  publishing: { label: t("Being published"), tone: "info" },
  published: { label: t("Published"), tone: "ok" },
  failed: { label: t("Failed"), tone: "bad" },
  unknown: { label: t("Not known"), tone: "warn" },
  rejected: { label: t("Rejected"), tone: "neutral" },
};

export const SHELF: Readonly<Record<Shelf, { readonly label: string; readonly empty: string }>> = {
  waiting: { label: t("Waiting"), empty: t("No post waits for approval") },
  scheduled: { label: t("Scheduled"), empty: t("No post is scheduled") },
  published: { label: t("Published"), empty: t("Nothing has been published yet") },
  unknown: { label: t("Not known"), empty: t("It is known of every post whether it is public") },
  failed: { label: t("Failed"), empty: t("No run has failed") },
  rejected: { label: t("Rejected"), empty: t("No post was rejected") },
  all: { label: t("All"), empty: t("No pipeline has run yet") },
};

/** Several names in a sentence: `Slack, X and e-mail`. */
export const listed = (names: readonly string[]) =>
  new Intl.ListFormat("en", { type: "conjunction" }).format([...new Set(names)]);

/** A moment with its day, in this browser's time zone. */
export const moment = (at: string | Date) =>
  new Date(at).toLocaleString("en", { dateStyle: "medium", timeStyle: "short" });

import { project } from "@dashboard/parents";
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

type YesNo = "true" | "false";

/** Which transcripts are listed; days as `2026-11-25`. */
export interface TranscriptFilters {
  readonly userId?: string;
  readonly platform?: string;
  readonly resolved?: YesNo;
  readonly escalated?: YesNo;
  /** An answer in it is rated so. */
  readonly rating?: "up" | "down";
  /** `development`, or the id of the version that answered. */
  readonly versionId?: string;
  /** What the conversation was left with: `name=value`. */
  readonly variable?: string;
  /** Something that was said. */
  readonly contains?: string;
  readonly from?: string;
  readonly to?: string;
  /** Also what was tried out here. */
  readonly include?: "dashboard";
}

export interface TranscriptsSearch extends TranscriptFilters {
  /** The turn of the open transcript that is looked at. */
  readonly turn?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}/;

const VERSION = /^(development|ver_[0-9a-f]{32})$/;

/** What is only digits in an address is read as a number. */
const asText = (value: unknown) =>
  typeof value === "number" ? String(value) : typeof value === "string" && value ? value : undefined;
const asYesNo = (value: unknown): YesNo | undefined =>
  String(value) === "true" ? "true" : String(value) === "false" ? "false" : undefined;
const asDay = (value: unknown) => {
  const text = asText(value);
  return text && DAY.test(text) ? text : undefined;
};

export const route = createRoute({
  getParentRoute: () => project,
  path: "transcripts/{-$transcriptId}",
  validateSearch: (search): TranscriptsSearch => ({
    userId: asText(search.userId),
    platform: asText(search.platform),
    resolved: asYesNo(search.resolved),
    escalated: asYesNo(search.escalated),
    rating: search.rating === "up" || search.rating === "down" ? search.rating : undefined,
    versionId: VERSION.test(String(search.versionId)) ? String(search.versionId) : undefined,
    variable: asText(search.variable)?.match(/^[^=]+=/) ? asText(search.variable) : undefined,
    contains: asText(search.contains)?.trim() || undefined,
    from: asDay(search.from),
    to: asDay(search.to),
    include: search.include === "dashboard" ? "dashboard" : undefined,
    turn: asText(search.turn),
  }),
  component: lazyRouteComponent(() => import("./page")),
});

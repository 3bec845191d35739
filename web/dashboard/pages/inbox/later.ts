import { t } from "@ui/words";

const HOUR = 3_600_000;
const MORNING = 9;
const MONDAY = 1;

export interface Later {
  readonly label: string;
  readonly at: Date;
}

/** The moments that people put things off to, in this browser's time zone. */
export function choices(now: Date): Later[] {
  const days = (8 + MONDAY - now.getDay()) % 7 || 7;
  return [
    { label: t("In an hour"), at: new Date(now.getTime() + HOUR) },
    { label: t("In four hours"), at: new Date(now.getTime() + 4 * HOUR) },
    { label: t("Tomorrow morning"), at: morning(now, 1) },
    { label: t("Monday morning"), at: morning(now, days) },
  ].filter((each, index, all) => all.findIndex(other => +other.at === +each.at) === index);
}

function morning(now: Date, days: number): Date {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, MORNING);
}

/** A moment as a field for date and time has it. */
export function localTime(moment: Date): string {
  return new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

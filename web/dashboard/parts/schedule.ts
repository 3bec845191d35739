import { t } from "@ui/words";
import type { Pipeline } from "./kinds";

export type Schedule = NonNullable<Pipeline["schedule"]>;

/** How often, as people say it; what fits none of these is written as cron. */
export type Rhythm =
  | { readonly kind: "daily" | "weekdays"; readonly time: string }
  | { readonly kind: "weekly"; readonly weekday: number; readonly time: string }
  | { readonly kind: "monthly"; readonly day: number; readonly time: string }
  | { readonly kind: "cron"; readonly cron: string };

export const WEEKDAYS = [
  t("Sunday"),
  t("Monday"),
  t("Tuesday"),
  t("Wednesday"),
  t("Thursday"),
  t("Friday"),
  t("Saturday"),
] as const;

const number = (text: string | undefined, most: number) =>
  text !== undefined && /^\d{1,2}$/.test(text) && Number(text) <= most ? Number(text) : undefined;
const two = (value: number) => String(value).padStart(2, "0");

/** Reads a cron expression as people would say it. */
export function rhythmOf(cron: string): Rhythm {
  const fields = cron.trim().split(/\s+/);
  const [minute, hour, day, month, weekday] = fields;
  const [m, h] = [number(minute, 59), number(hour, 23)];
  if (fields.length === 5 && m !== undefined && h !== undefined && month === "*") {
    const time = `${two(h)}:${two(m)}`;
    if (day === "*" && weekday === "*") return { kind: "daily", time };
    if (day === "*" && weekday === "1-5") return { kind: "weekdays", time };
    const on = number(weekday, 7);
    if (day === "*" && on !== undefined) return { kind: "weekly", weekday: on % 7, time };
    const at = number(day, 31);
    if (weekday === "*" && at) return { kind: "monthly", day: at, time };
  }
  return { kind: "cron", cron };
}

/** The cron expression of a rhythm. */
export function cronOf(rhythm: Rhythm): string {
  if (rhythm.kind === "cron") return rhythm.cron;
  const [hour = 0, minute = 0] = rhythm.time.split(":").map(Number);
  const at = `${minute} ${hour}`;
  switch (rhythm.kind) {
    case "daily":
      return `${at} * * *`;
    case "weekdays":
      return `${at} * * 1-5`;
    case "weekly":
      return `${at} * * ${rhythm.weekday}`;
    case "monthly":
      return `${at} ${rhythm.day} * *`;
  }
}

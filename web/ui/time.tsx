import { t } from "./words";

const DAY = 86_400_000;
const STEPS: [number, Intl.RelativeTimeFormatUnit][] = [
  [60_000, "second"],
  [3_600_000, "minute"],
  [DAY, "hour"],
  [7 * DAY, "day"],
];
const UNIT: Partial<Record<Intl.RelativeTimeFormatUnit, number>> = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY,
};

const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const day = new Intl.DateTimeFormat("en", { dateStyle: "medium" });
const whole = new Intl.DateTimeFormat("en", { dateStyle: "full", timeStyle: "medium" });

/** A moment as people say it: relative for seven days, then the date. */
export function say(at: Date, now = new Date()): string {
  const past = now.getTime() - at.getTime();
  if (Math.abs(past) < 60_000) return t("just now");
  for (const [limit, unit] of STEPS) {
    if (Math.abs(past) < limit) return relative.format(-Math.round(past / (UNIT[unit] ?? 1)), unit);
  }
  return day.format(at);
}

/** A moment; the whole of it on hover. `null` is a dash. */
export function Time({ at }: { readonly at: string | null | undefined }) {
  if (!at) return <span className="text-text-3">–</span>;
  const moment = new Date(at);
  return (
    <time dateTime={at} title={whole.format(moment)} className="whitespace-nowrap">
      {say(moment)}
    </time>
  );
}

const numbers = new Intl.NumberFormat("en");

/** A number as people read it; an absent one is a dash. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined ? "–" : numbers.format(value);
}

/** A number with its noun: `1 step`, `12 steps`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${numbers.format(value)} ${value === 1 ? one : many}`;
}

/** A size in bytes: `12 kB`. */
export function bytes(value: number): string {
  const [size, unit] = value < 1e3 ? [value, "B"] : value < 1e6 ? [value / 1e3, "kB"] : [value / 1e6, "MB"];
  return `${new Intl.NumberFormat("en", { maximumFractionDigits: size < 10 ? 1 : 0 }).format(size)} ${unit}`;
}

import { count } from "@ui/time";
import { t } from "@ui/words";

/** A part of a whole: `62 %`; of nothing, a dash. */
export function share(part: number, whole: number): string {
  return whole > 0 ? `${Math.round((part / whole) * 100)} %` : "–";
}

/** What was paid; cents matter only where there are few dollars. */
export function dollars(value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  const digits = value === 0 || value >= 1 ? 2 : value >= 0.01 ? 3 : 5;
  return `$${new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: digits }).format(value)}`;
}

/** How long something took. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined) return "–";
  return ms < 1000 ? t("%{ms} ms", { ms }) : `${(ms / 1000).toFixed(1)} s`;
}

/** How much more or less it is than before, in percent; nothing where there is nothing to compare with. */
export function change(
  now: number | null | undefined,
  before: number | null | undefined,
): string | undefined {
  if (!before || now === null || now === undefined) return undefined;
  const percent = Math.round((now / before - 1) * 100);
  return percent === 0 ? t("as before") : `${percent > 0 ? "+" : "−"}${count(Math.abs(percent))} %`;
}

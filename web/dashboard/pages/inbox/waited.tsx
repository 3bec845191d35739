import { t } from "@ui/words";
import { useEffect, useState } from "react";

const MINUTE = 60_000;
const STEPS: readonly (readonly [number, string])[] = [
  [24 * 60 * MINUTE, "d"],
  [60 * MINUTE, "h"],
  [MINUTE, "min"],
];

/** How long that is: `under 1 min`, `5 min`, `2 h`, `3 d`. */
export function waited(milliseconds: number): string {
  for (const [length, unit] of STEPS) {
    if (milliseconds >= length) return `${Math.floor(milliseconds / length)} ${unit}`;
  }
  return t("under 1 min");
}

/** How long ago that was, as the minutes pass. */
export function Waited({ since }: { readonly since: string }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), MINUTE / 2);
    return () => clearInterval(timer);
  }, []);
  return (
    <time dateTime={since} title={new Date(since).toLocaleString("en")} className="whitespace-nowrap">
      {waited(now - Date.parse(since))}
    </time>
  );
}

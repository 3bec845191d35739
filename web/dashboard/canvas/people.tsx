import type { Person } from "@dashboard/data/events";
import { cx } from "@ui/cx";
import { t } from "@ui/words";

const COLOURS = [
  "text-ai bg-ai-soft border-ai",
  "text-data bg-data-soft border-data",
  "text-logic bg-logic-soft border-logic",
  "text-listen bg-listen-soft border-listen",
  "text-flow bg-flow-soft border-flow",
  "text-talk bg-talk-soft border-talk",
] as const;

/** The same colour for a page of somebody's wherever it is shown. */
export function colourOf({ clientId }: Person): string {
  let sum = 0;
  for (const letter of clientId) sum = (sum * 31 + letter.charCodeAt(0)) % 997;
  return COLOURS[sum % COLOURS.length] ?? COLOURS[0];
}

/** Who else has the project open; for the top bar. */
export function People({ people }: { readonly people: readonly Person[] }) {
  if (people.length === 0) return null;
  return (
    <ul aria-label={t("Also here")} className="flex items-center gap-1">
      {people.slice(0, 5).map(each => (
        <li
          key={each.clientId}
          title={each.memberName}
          className={cx(
            "flex size-6 items-center justify-center rounded-pill border font-medium text-caption",
            colourOf(each),
          )}
        >
          <span aria-hidden="true">{each.memberName.slice(0, 1).toUpperCase() || "?"}</span>
          <span className="sr-only">{each.memberName}</span>
        </li>
      ))}
    </ul>
  );
}

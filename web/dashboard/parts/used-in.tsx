import { countedUses, type Use } from "./uses";

/** Where a part is used, each with a way to it. */
export function UsedIn({
  uses,
  onUse,
}: {
  readonly uses: readonly Use[];
  readonly onUse: (use: Use) => void;
}) {
  if (uses.length === 0) return <p className="text-caption text-text-2">{countedUses(uses)}</p>;
  return (
    <details className="text-caption text-text-2">
      <summary className="min-h-6 cursor-pointer py-1">{countedUses(uses)}</summary>
      <ul className="flex flex-col ps-4">
        {uses.map((use, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: they have no state
          <li key={index}>
            <button
              type="button"
              dir="auto"
              onClick={() => onUse(use)}
              className="min-h-6 text-start text-accent-text hover:underline"
            >
              {use.label}
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

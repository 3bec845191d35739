import { wordDiff } from "./word-diff";

/** Both texts in one: what went is struck through, what came is underlined. */
export function TextChanges({ before, after }: { readonly before: string; readonly after: string }) {
  return (
    <p dir="auto" className="whitespace-pre-wrap break-words">
      {wordDiff(before, after).map(({ kind, text }, index) => {
        const key = `${index} ${kind}`;
        if (kind === "removed")
          return (
            <del key={key} className="bg-bad-soft text-bad">
              {text}
            </del>
          );
        if (kind === "added")
          return (
            <ins key={key} className="bg-ok-soft text-ok">
              {text}
            </ins>
          );
        return <span key={key}>{text}</span>;
      })}
    </p>
  );
}

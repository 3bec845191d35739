export interface Piece {
  readonly kind: "same" | "added" | "removed";
  readonly text: string;
}

/** Above so many words on both sides, the middle is told as one change: comparing takes their product. */
const MOST = 1_000_000;

/** What was changed from one text to another, by words; runs of one kind are one piece. */
export function wordDiff(before: string, after: string): Piece[] {
  const [one, other] = [wordsOf(before), wordsOf(after)];
  let start = 0;
  while (start < one.length && start < other.length && one[start] === other[start]) start++;
  let end = 0;
  while (
    end < one.length - start &&
    end < other.length - start &&
    one[one.length - 1 - end] === other[other.length - 1 - end]
  )
    end++;
  const [left, right] = [one.slice(start, one.length - end), other.slice(start, other.length - end)];
  return joined([
    { kind: "same", text: one.slice(0, start).join("") },
    ...middle(left, right),
    { kind: "same", text: end ? one.slice(-end).join("") : "" },
  ]);
}

function middle(left: readonly string[], right: readonly string[]): Piece[] {
  if (left.length * right.length > MOST)
    return [
      { kind: "removed", text: left.join("") },
      { kind: "added", text: right.join("") },
    ];
  // The longest common subsequence of what follows each pair of places.
  const width = right.length + 1;
  const longest = new Uint32Array((left.length + 1) * width);
  const at = (row: number, column: number) => longest[row * width + column] ?? 0;
  for (let row = left.length - 1; row >= 0; row--)
    for (let column = right.length - 1; column >= 0; column--)
      longest[row * width + column] =
        left[row] === right[column]
          ? at(row + 1, column + 1) + 1
          : Math.max(at(row + 1, column), at(row, column + 1));
  const pieces: Piece[] = [];
  let [row, column] = [0, 0];
  while (row < left.length || column < right.length) {
    if (row < left.length && left[row] === right[column]) {
      pieces.push({ kind: "same", text: left[row++] ?? "" });
      column++;
    } else if (column >= right.length || (row < left.length && at(row + 1, column) >= at(row, column + 1)))
      pieces.push({ kind: "removed", text: left[row++] ?? "" });
    else pieces.push({ kind: "added", text: right[column++] ?? "" });
  }
  return pieces;
}

/** Words with the space behind each, so that nothing between them is lost. */
const wordsOf = (text: string) => text.match(/\S+\s*|\s+/g) ?? [];

function joined(pieces: readonly Piece[]): Piece[] {
  const all: Piece[] = [];
  for (const piece of pieces) {
    const last = all.at(-1);
    if (!piece.text) continue;
    if (last?.kind === piece.kind) all[all.length - 1] = { ...last, text: last.text + piece.text };
    else all.push(piece);
  }
  return all;
}

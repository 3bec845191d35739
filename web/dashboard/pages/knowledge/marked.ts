export interface Part {
  readonly text: string;
  readonly marked: boolean;
}

/** A text cut at what is marked in it: `marks` are begin and end, counted in characters as the API counts them. */
export function cutAt(text: string, marks: readonly (readonly number[])[]): Part[] {
  // A character outside the first plane is two units in a string of ours, and one in the API's count.
  const characters = [...text];
  const parts: Part[] = [];
  let at = 0;
  for (const [begin = 0, end = 0] of marks) {
    if (begin < at || end <= begin) continue;
    if (begin > at) parts.push({ text: characters.slice(at, begin).join(""), marked: false });
    parts.push({ text: characters.slice(begin, end).join(""), marked: true });
    at = end;
  }
  if (at < characters.length) parts.push({ text: characters.slice(at).join(""), marked: false });
  return parts;
}

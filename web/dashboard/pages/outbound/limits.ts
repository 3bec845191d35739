import { t } from "@ui/words";

const LINK = /https?:\/\/[^\s<>"]+/g;
const LINK_ON_X = 23;
// What X counts as one; all else is two: https://docs.x.com/fundamentals/counting-characters.
const LIGHT: readonly (readonly [number, number])[] = [
  [0, 4351],
  [8192, 8205],
  [8208, 8223],
  [8242, 8247],
];
const graphemes = new Intl.Segmenter();
const EMOJI = /\p{Emoji_Presentation}|\p{Extended_Pictographic}/u;

/** How long a text is for a target, while one writes; the server counts again before anything is approved. */
export function lengthAt(connector: string, text: string): number {
  if (connector !== "x") return [...text].length;
  const links = text.match(LINK)?.length ?? 0;
  let length = links * LINK_ON_X;
  for (const { segment } of graphemes.segment(text.replace(LINK, ""))) {
    if (EMOJI.test(segment)) length += 2;
    else for (const letter of segment) length += isLight(letter.codePointAt(0) ?? 0) ? 1 : 2;
  }
  return length;
}

function isLight(code: number): boolean {
  return LIGHT.some(([first, last]) => code >= first && code <= last);
}

const LENGTHS: readonly (readonly [number, string])[] = [
  [86_400, "day"],
  [3600, "hour"],
  [60, "minute"],
  [1, "second"],
];

/** How many posts in how long a target takes: `at most 100 in 15 minutes`. */
export function rateOf(rate: Readonly<Record<string, number>> | null): string | undefined {
  const { count, seconds } = rate ?? {};
  if (!count || !seconds) return undefined;
  const [length, unit] = LENGTHS.find(([each]) => seconds % each === 0) ?? [1, "second"];
  const many = seconds / length;
  const time = many === 1 ? `${unit === "hour" ? "an" : "a"} ${unit}` : `${many} ${unit}s`;
  return t("at most %{count} in %{time}", { count, time });
}

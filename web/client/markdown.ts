import { Lexer, type Token, type Tokens } from "marked";

/** A piece of what is shown: words, or an element of one of these kinds. Nothing in it can run. */
export type Node = string | Element;

export interface Element {
  readonly tag: Tag;
  readonly children: readonly Node[];
  /** Of a link or a picture: one that may be followed. */
  readonly href?: string;
  /** Of a mark: the number of the source that it names. */
  readonly source?: number;
}

export type Tag =
  | "p"
  | "heading"
  | "ul"
  | "ol"
  | "li"
  | "pre"
  | "blockquote"
  | "table"
  | "head"
  | "row"
  | "th"
  | "td"
  | "hr"
  | "strong"
  | "em"
  | "del"
  | "code"
  | "br"
  | "link"
  | "image"
  | "mark";

/** A text as it was read so far; given back with more of the same text, only its end is read again. */
export interface Reading {
  readonly text: string;
  readonly blocks: readonly Element[];
  /** How many of the blocks stand, and how much of the text they took. */
  readonly settled: number;
  readonly taken: number;
}

const NOTHING: Reading = { text: "", blocks: [], settled: 0, taken: 0 };
const SAFE = /^(https?:|mailto:|tel:)/i;
/** Letters that turn the order of others around, by which a text can look like another one. */
const BIDI = /[\u202a-\u202e\u2066-\u2069]/g;
/** How much is read as markdown; what is beyond it is shown as it is. */
const MOST = 100_000;
/** The last blocks may still become one with what follows. */
const OPEN = 2;

/**
 * Markdown as elements: no HTML of the text is read as HTML, and links lead only where links may. Of a text that still
 * grows (`growing`), an end that cannot be drawn right yet is held back.
 */
export function read(text: string, before: Reading = NOTHING, growing = false): Reading {
  const clean = (growing ? ready(text) : text).replace(BIDI, "");
  const goesOn = clean.startsWith(before.text.slice(0, before.taken));
  const { settled, taken } = goesOn ? before : NOTHING;
  const blocks: Element[] = goesOn ? before.blocks.slice(0, settled) : [];
  const ends: [number, number][] = [];
  let at = taken;
  for (const token of lex(clean.slice(taken, MOST))) {
    at += token.raw.length;
    if (token.type === "space" || token.type === "def") continue;
    blocks.push(block(token));
    ends.push([blocks.length, at]);
  }
  if (clean.length > MOST) blocks.push(element("p", [clean.slice(MOST)]));
  const [count, end] = ends.at(-1 - OPEN) ?? [settled, taken];
  // marked reads tabs and line ends its own way: what it took is then not what was given.
  const exact = clean.slice(0, end).length === end && !/[\t\r]/.test(clean);
  return { text: clean, blocks, settled: exact ? count : 0, taken: exact ? end : 0 };
}

/** What of a growing text can be drawn: an unfinished fence, link or row of a table waits for the rest of it. */
export function ready(text: string): string {
  const begin = text.lastIndexOf("\n") + 1;
  const line = text.slice(begin);
  if (/^ {0,3}(`{1,}|~{1,})[^`]*$/.test(line) && /^ {0,3}(``|~~|`$)/.test(line)) return text.slice(0, begin);
  if (/^ {0,3}\|/.test(line) || /\n {0,3}\|[^\n]*\n$/.test(`\n${text}`)) return heldTable(text, begin);
  const fences = text.match(/^ {0,3}(```|~~~)/gm)?.length ?? 0;
  if (fences % 2 === 1) return text;
  const link = /!?\[[^\]\n]*(\]|\]\([^)\n]*)?$/.exec(line);
  if (link) return text.slice(0, begin + link.index);
  const marks = /(\*{1,3}|_{1,3}|~{1,2}|`)$/.exec(line);
  return close(marks ? text.slice(0, begin + marks.index) : text);
}

/** A table is drawn from its second line on, and each row once it is whole. */
function heldTable(text: string, begin: number): string {
  const whole = text.slice(0, begin);
  const rows = /(?:^|\n)((?: {0,3}\|[^\n]*\n)*)$/.exec(whole)?.[1] ?? "";
  return rows.split("\n").length <= 2 ? whole.slice(0, whole.length - rows.length) : whole;
}

/** Closes what is emphasized and not yet closed in the last paragraph. */
function close(text: string): string {
  const last = text.slice(text.lastIndexOf("\n\n") + 1);
  for (const mark of ["`", "**"]) if (last.split(mark).length % 2 === 0) return text.trimEnd() + mark;
  return text;
}

function lex(text: string): Token[] {
  try {
    return new Lexer({ gfm: true }).lex(text);
  } catch {
    // Nested too deep to be read.
    return [{ type: "paragraph", raw: text, text, tokens: [{ type: "text", raw: text, text }] }];
  }
}

function element(tag: Tag, children: readonly Node[], more: Partial<Element> = {}): Element {
  return { tag, children, ...more };
}

function block(token: Token): Element {
  switch (token.type) {
    case "paragraph":
      return element("p", inline(token.tokens));
    case "heading":
      return element("heading", inline(token.tokens));
    case "list": {
      const list = token as Tokens.List;
      return element(
        list.ordered ? "ol" : "ul",
        list.items.map(item => element("li", item.tokens.flatMap(part))),
      );
    }
    case "code":
      return element("pre", [token.text]);
    case "blockquote":
      return element("blockquote", (token.tokens ?? []).filter(each => each.type !== "space").map(block));
    case "table":
      return table(token as Tokens.Table);
    case "hr":
      return element("hr", []);
    case "text":
      return element("p", inline(token.tokens ?? [token]));
    default:
      return element("p", [token.raw]);
  }
}

function part(token: Token): Node[] {
  if (token.type === "space") return [];
  if (token.type === "checkbox") return [token.raw];
  return token.type === "text" ? inline((token as Tokens.Text).tokens ?? [token]) : [block(token)];
}

function table(token: Tokens.Table): Element {
  const row = (tag: Tag, cells: Tokens.TableCell[], cell: Tag) =>
    element(
      tag,
      cells.map(each => element(cell, inline(each.tokens))),
    );
  return element("table", [
    row("head", token.header, "th"),
    ...token.rows.map(each => row("row", each, "td")),
  ]);
}

function inline(tokens: readonly Token[] | undefined): Node[] {
  return (tokens ?? []).flatMap(word);
}

function word(token: Token): Node[] {
  switch (token.type) {
    case "strong":
    case "em":
    case "del":
      return [element(token.type, inline(token.tokens))];
    case "codespan":
      return [element("code", [token.text])];
    case "br":
      return [element("br", [])];
    case "link":
      return SAFE.test(token.href)
        ? [element("link", inline(token.tokens), { href: token.href })]
        : [token.text];
    case "image":
      return /^https?:/i.test(token.href)
        ? [element("image", [token.text], { href: token.href })]
        : [token.text];
    case "escape":
      return [token.text];
    case "text":
      return token.tokens ? inline(token.tokens) : marks(unescaped(token.raw));
    default:
      return marks(token.raw);
  }
}

/** Numbers in brackets name sources. */
function marks(text: string): Node[] {
  return text
    .split(/(\[\d{1,2}\])/)
    .filter(each => each !== "")
    .map(each =>
      /^\[\d+\]$/.test(each) ? element("mark", [each], { source: Number(each.slice(1, -1)) }) : each,
    );
}

/** marked leaves escapes in raw text. */
function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, "$1");
}

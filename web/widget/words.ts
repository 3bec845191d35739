import type en from "./languages/en.json";

export type Word = keyof typeof en;
export type Words = (word: Word, values?: Readonly<Record<string, string | number>>) => string;

const CATALOGUES: Readonly<Record<string, () => Promise<{ default: typeof en }>>> = {
  ar: () => import("./languages/ar.json"),
  de: () => import("./languages/de.json"),
  en: () => import("./languages/en.json"),
  es: () => import("./languages/es.json"),
  fr: () => import("./languages/fr.json"),
  he: () => import("./languages/he.json"),
  hi: () => import("./languages/hi.json"),
  it: () => import("./languages/it.json"),
  ja: () => import("./languages/ja.json"),
  ko: () => import("./languages/ko.json"),
  nl: () => import("./languages/nl.json"),
  pl: () => import("./languages/pl.json"),
  pt: () => import("./languages/pt.json"),
  tr: () => import("./languages/tr.json"),
  zh: () => import("./languages/zh.json"),
};
const FROM_RIGHT = /^(ar|he|fa|ur)\b/;

export interface Language {
  readonly code: string;
  readonly dir: "ltr" | "rtl";
  readonly words: Words;
}

/** The words of the language that fits best: one catalogue is loaded. */
export async function language(element: HTMLElement): Promise<Language> {
  const wanted = [element.getAttribute("lang"), document.documentElement.lang, ...navigator.languages, "en"];
  const found = wanted.find(each => each && short(each) in CATALOGUES) ?? "en";
  const catalogue = (await CATALOGUES[short(found)]?.())?.default as Readonly<Record<string, string>>;
  const dir = element.getAttribute("dir") ?? (FROM_RIGHT.test(found) ? "rtl" : "ltr");
  return {
    code: found,
    dir: dir === "rtl" ? "rtl" : "ltr",
    words: (word, values = {}) =>
      (catalogue[word] ?? word).replace(/\{(\w+)\}/g, (whole, name: string) => `${values[name] ?? whole}`),
  };
}

function short(code: string): string {
  return code.slice(0, 2).toLowerCase();
}

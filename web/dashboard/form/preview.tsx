import { t } from "@ui/words";
import { createContext, useContext } from "react";

/** The values of the last test, by the names of variables; `undefined`: nothing was tested. */
const LastValues = createContext<Readonly<Record<string, unknown>> | undefined>(undefined);
export const LastValuesProvider = LastValues.Provider;
export const useLastValues = () => useContext(LastValues);

/** What a template says with the values of the last test. */
export function Preview({ text }: { readonly text: string }) {
  const values = useLastValues();
  if (!values || !text.includes("{{")) return null;
  const shown = rendered(text, values);
  if (shown === text) return null;
  return (
    <span className="mt-1 block text-caption text-text-2" dir="auto">
      <span className="text-text-3">{t("In the last test:")} </span>
      <span className="whitespace-pre-line">{shown}</span>
    </span>
  );
}

const SLOT = /\{\{\s*([a-zA-Z_][\w]*(?:\.[\w]+|\[\d+\])*)\s*\}\}/g;

/** The text with the paths in it replaced by their values; what is computed, or has none, stays as it is typed. */
export function rendered(text: string, values: Readonly<Record<string, unknown>>): string {
  return text.replace(SLOT, (typed, path: string) => {
    let value: unknown = values;
    for (const part of path.split(/[.[\]]+/).filter(Boolean)) {
      if (typeof value !== "object" || value === null) return typed;
      value = (value as Record<string, unknown>)[part];
    }
    if (value === undefined || value === null) return typed;
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}

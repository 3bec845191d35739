import { useState } from "react";

const KEY = "conduet.written.";

/** What somebody has written and not saved: it stays while the tab is open, whatever page is shown. */
export function useWritten<Value>(name: string, empty: Value): [Value, (value: Value) => void] {
  const [value, setValue] = useState<Value>(() => {
    const kept = sessionStorage.getItem(KEY + name);
    return kept === null ? empty : JSON.parse(kept);
  });
  const write = (next: Value) => {
    setValue(next);
    const isEmpty = JSON.stringify(next) === JSON.stringify(empty);
    if (isEmpty) forgetWritten(name);
    else keepWritten(name, next);
  };
  return [value, write];
}

/** Keeps it as if somebody had written it, for where it is shown next. */
export function keepWritten(name: string, value: unknown): void {
  try {
    sessionStorage.setItem(KEY + name, JSON.stringify(value));
  } catch {
    // Too long for the browser to keep.
    forgetWritten(name);
  }
}

/** Forgets what was written under a name or below it, once it has come to what it was for. */
export function forgetWritten(name: string): void {
  for (const key of Object.keys(sessionStorage)) {
    if (key === KEY + name || key.startsWith(`${KEY + name}/`)) sessionStorage.removeItem(key);
  }
}

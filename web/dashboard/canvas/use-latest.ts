import { useEffect, useRef, useState } from "react";

/** Functions that stay the same ones, and do what those of the last drawing do. */
export function useLatest<All extends Record<string, (...given: never[]) => unknown>>(all: All): All {
  const latest = useRef(all);
  useEffect(() => {
    latest.current = all;
  });
  const [stable] = useState(() => {
    const each =
      (name: string) =>
      (...given: never[]) =>
        latest.current[name]?.(...given);
    return Object.fromEntries(Object.keys(all).map(name => [name, each(name)])) as All;
  });
  return stable;
}

/** Signs of lucide (https://lucide.dev, ISC), those that are needed. */
const PATHS = {
  close: "M18 6 6 18M6 6l12 12",
  send: "M12 19V5M5 12l7-7 7 7",
  stop: "M6 6h12v12H6z",
  attach: "m21.4 11.1-9.2 9.2a6 6 0 0 1-8.5-8.5l9.2-9.2a4 4 0 0 1 5.7 5.7l-9.2 9.2a2 2 0 0 1-2.8-2.8l8.5-8.5",
  up: "M7 10v12M15 5.9 14 10h5.8a2 2 0 0 1 2 2.6l-2.4 8a2 2 0 0 1-1.9 1.4H4a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2h2.8a2 2 0 0 0 1.8-1.1L12 2a3.1 3.1 0 0 1 3 3.9Z",
  copy: "M9 9h12v12H9zM5 15H3V3h12v2",
  back: "m15 18-6-6 6-6",
  file: "M15 2H6a2 2 0 0 0-2 2v16a2 2 0 0 0 2 2h12a2 2 0 0 0 2-2V7zM14 2v6h6",
} as const;
/** Those that are others upside down. */
const TURNED = { down: "up", newer: "send", on: "back" } as const;

type Drawn = keyof typeof PATHS;
type Name = Drawn | keyof typeof TURNED;

export function Icon({ of, turns = false }: { readonly of: Name; readonly turns?: boolean }) {
  const turned = (TURNED as { readonly [name: string]: Drawn | undefined })[of];
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={turns ? "turns" : undefined}>
      <path d={PATHS[turned ?? (of as Drawn)]} transform={turned && "rotate(180 12 12)"} />
    </svg>
  );
}

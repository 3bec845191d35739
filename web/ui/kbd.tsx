import { t } from "./words";

const MAC = /Mac|iP/.test(globalThis.navigator?.platform ?? "");
const ARROWS = { arrowleft: "←", arrowright: "→", arrowup: "↑", arrowdown: "↓" };
const NAMES: Record<string, string> = MAC
  ? { mod: "⌘", shift: "⇧", alt: "⌥", enter: "↵", escape: t("Esc"), delete: "⌫", ...ARROWS }
  : {
      mod: t("Ctrl"),
      shift: t("Shift"),
      alt: t("Alt"),
      enter: t("Enter"),
      escape: t("Esc"),
      delete: t("Del"),
      ...ARROWS,
    };

/** The keys of a shortcut as this machine's keyboard names them: `mod+shift+enter`, or one after the other: `g b`. */
export function keyNames(keys: string): string[][] {
  return keys
    .split(" ")
    .map(chord =>
      (chord === "+" ? ["+"] : chord.split("+")).map(
        key => NAMES[key] ?? (key.length === 1 ? key.toUpperCase() : key),
      ),
    );
}

/** Shows a shortcut. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <kbd className="inline-flex gap-1 font-sans text-caption text-text-3">
      {keyNames(keys).map(chord => (
        <span key={chord.join()} className="rounded-tag border border-line px-1">
          {chord.join(MAC ? "" : " ")}
        </span>
      ))}
    </kbd>
  );
}

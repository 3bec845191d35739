type Rgb = readonly [number, number, number];

/** The least contrast of words with what is behind them (WCAG 2.2, 1.4.3). */
const ENOUGH = 4.5;

/** The colour of words on `accent`: the one that was chosen if it can be read there, else black or white. */
export function readable(accent: Rgb, chosen: Rgb): "chosen" | "#000" | "#fff" {
  if (contrast(accent, chosen) >= ENOUGH) return "chosen";
  return contrast(accent, [255, 255, 255]) >= contrast(accent, [0, 0, 0]) ? "#fff" : "#000";
}

export function contrast(one: Rgb, other: Rgb): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map(each => {
    const part = each / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** Takes the project's colour where the page has chosen none, and sees to it that words on it can be read. */
export async function setColours(element: HTMLElement, colour?: unknown): Promise<void> {
  if (typeof colour === "string" && CSS.supports("color", colour))
    element.style.setProperty("--_accent", colour);
  const style = getComputedStyle(element);
  const value = (name: string) => style.getPropertyValue(name).trim();
  const accent = rgb(value("--cdt-accent") || value("--_accent") || "oklch(0.5 0.19 265)");
  const chosen = rgb(value("--cdt-on-accent") || "#fff");
  if (!accent || !chosen) return;
  const on = readable(accent, chosen);
  if (on === "chosen") element.style.removeProperty("--_on");
  else element.style.setProperty("--_on", on);
}

/** What a colour of CSS is on a screen. */
function rgb(colour: string): Rgb | undefined {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d");
  if (!context) return undefined;
  context.fillStyle = colour;
  context.fillRect(0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  return [r ?? 0, g ?? 0, b ?? 0];
}

const KEY = "conduet.recentSteps";
const MOST = 4;

/** The types of steps that were added last in this browser, the latest first. */
export function recentTypes(): readonly string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return Array.isArray(kept) ? kept.filter(each => typeof each === "string") : [];
  } catch {
    return [];
  }
}

export function addedType(type: string): void {
  localStorage.setItem(
    KEY,
    JSON.stringify([type, ...recentTypes().filter(each => each !== type)].slice(0, MOST)),
  );
}

/**
 * Whether the server has another build than the one that runs here: the files that this one has not asked for yet are gone.
 * No answer says nothing about it.
 */
export async function isOutdated(): Promise<boolean> {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  if (!own) return false;
  try {
    const answer = await fetch("/", { cache: "no-store" });
    return answer.ok && !(await answer.text()).includes(new URL(own.src).pathname);
  } catch {
    return false;
  }
}

const KEY = "conduet.reloaded";

/** Whether a new build may be loaded unasked: not again where the last time brought no other one. */
export function mayReload(): boolean {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]')?.src ?? "";
  if (sessionStorage.getItem(KEY) === own) return false;
  sessionStorage.setItem(KEY, own);
  return true;
}

import type { Ask, Places } from "./arrange";

/** Where the steps stand when they are tidied, worked out beside the page. */
export function tidy(ask: Ask): Promise<Places> {
  const worker = new Worker(new URL("./layout.worker.ts", import.meta.url), { type: "module" });
  return new Promise<Places>((resolve, reject) => {
    worker.onmessage = (event: MessageEvent<Places>) => resolve(event.data);
    worker.onerror = event => reject(new Error(event.message));
    worker.postMessage(ask);
  }).finally(() => worker.terminate());
}

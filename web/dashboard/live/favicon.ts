import { useEffect } from "react";
import { useWaiting } from "./waiting";

/** Puts the number of those who wait on the tab's icon. */
export function useFavicon(): void {
  const waiting = useWaiting(state => state.inbox + state.outbound);
  useEffect(() => {
    const link = document.querySelector<HTMLLinkElement>('link[rel="icon"]');
    if (!link) return;
    link.href = waiting > 0 ? counted(waiting) : "/favicon.svg";
  }, [waiting]);
  useEffect(() => () => document.querySelector('link[rel="icon"]')?.setAttribute("href", "/favicon.svg"), []);
}

// An icon is no part of the page: tokens do not reach it.
const picture = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#3d51c5"/><text x="16" y="23" font-family="sans-serif" font-size="${text.length > 2 ? 15 : 20}" font-weight="600" text-anchor="middle" fill="#fff">${text}</text></svg>`;

function counted(waiting: number): string {
  return `data:image/svg+xml,${encodeURIComponent(picture(waiting > 99 ? "99+" : String(waiting)))}`;
}

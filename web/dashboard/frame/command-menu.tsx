import { lazy, Suspense, useEffect } from "react";
import { useTypedAhead } from "./typed-ahead";

const load = () => import("./palette");
const Palette = lazy(load);

/** Everything that can be done here, by its name: what is typed while it is still being loaded is in its field. */
export function CommandMenu({ onClose }: { readonly onClose: () => void }) {
  const typed = useTypedAhead(onClose);
  return (
    <Suspense>
      <Palette typed={typed} onClose={onClose} />
    </Suspense>
  );
}

/** Loads the command menu once there is nothing else to do. */
export function useCommandMenu(): void {
  useEffect(() => {
    // What does not come is asked for again when the menu is opened.
    const get = () => void load().catch(() => undefined);
    // Safari has no idle callbacks.
    if (!("requestIdleCallback" in window)) {
      const timer = setTimeout(get, 2000);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(get, { timeout: 5000 });
    return () => cancelIdleCallback(idle);
  }, []);
}

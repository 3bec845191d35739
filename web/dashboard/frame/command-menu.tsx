import { FailedAside, lazyPart } from "@dashboard/lazy-part";
import { Suspense } from "react";
import { useTypedAhead } from "./typed-ahead";

const Palette = lazyPart(() => import("./palette"), FailedAside);

/** Everything that can be done here, by its name: what is typed while it is still being loaded is in its field. */
export function CommandMenu({ onClose }: { readonly onClose: () => void }) {
  const typed = useTypedAhead(onClose);
  return (
    <Suspense>
      <Palette typed={typed} onClose={onClose} />
    </Suspense>
  );
}

import { onSignedOut } from "@client/api";
import { FailedAside, lazyPart } from "@dashboard/lazy-part";
import { t } from "@ui/words";
import { Suspense, useEffect, useState } from "react";

const SignedOut = lazyPart(() => import("./signed-out"), FailedAside);

/** What holds for all of the dashboard: no connection, or nobody signed in any more. The page stays as it is. */
export function Notices() {
  const online = useOnline();
  const [signedOut, setSignedOut] = useState(false);
  useEffect(() => {
    onSignedOut(() => setSignedOut(true));
    return () => onSignedOut(() => undefined);
  }, []);
  return (
    <>
      <div role="status">
        {!online && (
          <p className="border-line border-b bg-warn-soft px-4 py-1 text-dense text-warn">
            {t("Offline. What you see stays; it goes on when the connection is back.")}
          </p>
        )}
      </div>
      <Suspense>{signedOut && <SignedOut onClose={() => setSignedOut(false)} />}</Suspense>
    </>
  );
}

function useOnline(): boolean {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const look = () => setOnline(navigator.onLine);
    addEventListener("online", look);
    addEventListener("offline", look);
    return () => {
      removeEventListener("online", look);
      removeEventListener("offline", look);
    };
  }, []);
  return online;
}

import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from "react";
import { Button, IconButton } from "./button";
import { cx } from "./cx";
import type { ToastOptions } from "./toast";
import { t } from "./words";

const manager = Base.createToastManager();
const SECONDS = 5;
/** For what can be undone, and for what takes a while to read. */
const LONG_SECONDS = 10;

/** The manager forgets what is added before `Toasts` is on the page and listens. */
let listening: () => void;
const listened = new Promise<void>(resolve => {
  listening = resolve;
});

/** Adds one, as soon as it can be shown, and answers with what takes it away; `toast` in toast.ts loads this first. */
export async function add(
  title: string,
  { description, bad, onUndo, action }: ToastOptions = {},
): Promise<() => void> {
  await listened;
  const offered = onUndo ? { label: t("Undo"), onPress: onUndo } : action;
  const id = manager.add({
    title,
    description,
    type: bad ? "bad" : undefined,
    priority: bad ? "high" : "low",
    timeout: (offered || description ? LONG_SECONDS : SECONDS) * 1000,
    actionProps: offered && {
      children: offered.label,
      onClick: () => {
        manager.close(id);
        offered.onPress();
      },
    },
  });
  return () => manager.close(id);
}

/** Where toasts appear. */
export default function Toasts() {
  useEffect(() => listening(), []);
  return (
    <Base.Provider toastManager={manager} limit={3}>
      <Base.Portal>
        <Place />
      </Base.Portal>
    </Base.Provider>
  );
}

/** At the bottom, above whatever something is sent by. */
function Place() {
  const { toasts } = Base.useToastManager();
  const box = useRef<HTMLDivElement>(null);
  const bottom = useBottom(box, toasts.length);
  return (
    <Base.Viewport
      ref={box}
      style={{ bottom }}
      className="fixed inset-x-4 z-50 mx-auto flex max-w-md flex-col gap-2 sm:start-auto sm:end-4 sm:mx-0"
    >
      <List />
    </Base.Viewport>
  );
}

const GAP = 16;
const LOOK_MS = 200;

/** How far from the bottom they lie over no `data-composer`, in px: looked at while there are any. */
function useBottom(box: RefObject<HTMLElement | null>, count: number): number {
  const [bottom, setBottom] = useState(GAP);
  useLayoutEffect(() => {
    if (count === 0) return;
    const look = () => {
      if (box.current) setBottom(freeBottom(box.current.getBoundingClientRect()));
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [box, count]);
  return bottom;
}

function freeBottom({ left, right, height }: DOMRect): number {
  const composers = [...document.querySelectorAll("[data-composer]")].map(each =>
    each.getBoundingClientRect(),
  );
  // From the lowest up: above one there may be another.
  composers.sort((one, other) => other.bottom - one.bottom);
  let bottom = GAP;
  for (const each of composers) {
    const low = innerHeight - bottom;
    const isUnder = each.left < right && each.right > left && each.top < low && each.bottom > low - height;
    if (isUnder) bottom = innerHeight - each.top + GAP / 2;
  }
  return bottom;
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map(each => (
    <Base.Root
      key={each.id}
      toast={each}
      // It and its button can be focused, and read again after it was announced.
      aria-hidden={false}
      className="rounded-card bg-raised text-text shadow-dialog transition-opacity duration-200 data-[ending-style]:opacity-0 data-[starting-style]:opacity-0"
    >
      <Base.Content className="flex items-center gap-2 py-2 ps-4 pe-2">
        <div className="min-w-0 flex-1">
          <Base.Title
            className={cx("font-medium text-body", each.type === "bad" && "text-bad")}
            render={<p />}
          />
          <Base.Description className="text-dense text-text-2" />
        </div>
        {each.actionProps && <Base.Action render={<Button dense>{each.actionProps.children}</Button>} />}
        <Base.Close aria-hidden={false} render={<IconButton icon={X} label={t("Dismiss")} dense />} />
      </Base.Content>
    </Base.Root>
  ));
}

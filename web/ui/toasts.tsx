import { Toast as Base } from "@base-ui/react/toast";
import { X } from "lucide-react";
import { useEffect } from "react";
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
        <Base.Viewport className="fixed inset-x-4 bottom-4 z-50 mx-auto flex max-w-md flex-col gap-2 sm:start-auto sm:end-4 sm:mx-0">
          <List />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function List() {
  const { toasts } = Base.useToastManager();
  return toasts.map(each => (
    <Base.Root
      key={each.id}
      toast={each}
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
        <Base.Close render={<IconButton icon={X} label={t("Dismiss")} dense />} />
      </Base.Content>
    </Base.Root>
  ));
}

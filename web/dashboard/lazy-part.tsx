import { ErrorState } from "@ui/states";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Component, type ComponentType, lazy, type ReactNode, useEffect, useReducer } from "react";
import { isOutdated } from "./outdated";

type Load<Props> = () => Promise<{ default: ComponentType<Props> }>;

export interface FailedProps {
  readonly error: Error;
  readonly again: () => void;
}

/** The file of a part, or of a page, did not come. */
export class NotLoaded extends Error {
  constructor(cause: unknown) {
    super(t("There was no answer, or Conduet was updated since this page was opened."), { cause });
  }
}

/**
 * A part of a page that is loaded by itself, before it is needed where there is time. What fails of it stays in its place:
 * by default it is said there, with a way to try again. Around it stands a `Suspense`.
 */
export function lazyPart<Props extends object>(
  load: Load<Props>,
  Failed: ComponentType<Props & FailedProps> = FailedHere,
): ComponentType<Props> {
  const get: Load<Props> = () =>
    load().catch(cause => {
      throw new NotLoaded(cause);
    });
  let Loaded = lazy(get);
  inTime(load);
  return function Part(props: Props) {
    const [tries, draw] = useReducer((count: number) => count + 1, 0);
    const again = async (error: unknown) => {
      if (error instanceof NotLoaded && (await isOutdated())) location.reload();
      else draw();
    };
    return (
      <Boundary
        key={tries}
        onFailed={error => {
          // React keeps what failed for good.
          if (error instanceof NotLoaded) Loaded = lazy(get);
        }}
        failed={error => (
          <Failure again={draw}>
            <Failed {...props} error={error} again={() => void again(error)} />
          </Failure>
        )}
      >
        <Loaded {...(props as Props & object)} />
      </Boundary>
    );
  };
}

interface BoundaryProps {
  readonly failed: (error: Error) => ReactNode;
  readonly onFailed: (error: Error) => void;
  readonly children: ReactNode;
}

class Boundary extends Component<BoundaryProps, { readonly error?: Error }> {
  override state: { readonly error?: Error } = {};

  static getDerivedStateFromError(error: Error) {
    return { error };
  }

  override componentDidCatch(error: Error) {
    this.props.onFailed(error);
  }

  override render() {
    const { error } = this.state;
    return error ? this.props.failed(error) : this.props.children;
  }
}

/** Tries again by itself when the connection is back. */
function Failure({ again, children }: { readonly again: () => void; readonly children: ReactNode }) {
  useEffect(() => {
    addEventListener("online", again);
    return () => removeEventListener("online", again);
  }, [again]);
  return children;
}

/** Whether the browser says that a file of the dashboard did not come, each in its own words. */
export const isFileMissing = (error: unknown) =>
  error instanceof Error &&
  /^(Failed to fetch|error loading) dynamically imported module|^Importing a module script failed/.test(
    error.message,
  );

const titleOf = (error: Error) =>
  error instanceof NotLoaded ? t("This part could not be loaded.") : t("This part could not be shown.");

function FailedHere({ error, again }: FailedProps) {
  return <ErrorState className="m-4" title={titleOf(error)} error={error} onRetry={again} />;
}

/** For what floats over the page and has no place of its own: it is told of, and closed. */
export function FailedAside({ error, onClose }: FailedProps & { readonly onClose?: () => void }) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is said once
  useEffect(() => {
    toast(titleOf(error), { description: error.message, bad: true });
    onClose?.();
  }, []);
  return null;
}

const waiting = new Set<() => Promise<unknown>>();
let isTime = false;

function inTime(load: () => Promise<unknown>): void {
  if (!isTime) {
    waiting.add(load);
    return;
  }
  // What does not come is asked for again when it is needed.
  const get = () => void load().catch(() => undefined);
  // Safari has no idle callbacks.
  if ("requestIdleCallback" in window) requestIdleCallback(get, { timeout: 5000 });
  else setTimeout(get, 2000);
}

/** From now on all parts are loaded once there is nothing else to do, so that they are there when the server is not. */
export function loadInTime(): void {
  isTime = true;
  for (const load of waiting) inTime(load);
  waiting.clear();
}

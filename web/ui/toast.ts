export interface ToastOptions {
  readonly description?: string;
  readonly bad?: boolean;
  /** Takes back what was done; offered for ten seconds. */
  readonly onUndo?: () => void;
  /** A way to what it tells of, where nothing can be taken back. */
  readonly action?: { readonly label: string; readonly onPress: () => void };
}

/**
 * Says that something happened which does not show by itself; what it answers with takes it away. What went wrong is said
 * where it went wrong.
 */
export function toast(title: string, options: ToastOptions = {}): () => void {
  const added = import("./toasts").then(({ add }) => add(title, options));
  return () => void added.then(close => close());
}

import type { Editor } from "@dashboard/editing/editor";
import { useHistory } from "@dashboard/editing/history";
import { cx } from "@ui/cx";
import { useEffect, useRef } from "react";
import { PartsMenu } from "./parts-menu";
import { changedPlace, type Place } from "./place";
import { UndoButtons } from "./undo-buttons";

export interface BuildBarProps<Value extends string> {
  readonly editor: Editor;
  readonly projectId: string;
  readonly label: string;
  readonly value: Value;
  readonly tabs: readonly { readonly value: Value; readonly label: string }[];
  readonly onChange: (value: Value) => void;
  /** Something was undone, or done again, there. */
  readonly onPlace: (place: Place) => void;
}

/** What can be built beside the canvas, one of it shown, with undo and redo. */
export function BuildBar<Value extends string>(props: BuildBarProps<Value>) {
  const { editor, projectId, label, value, tabs, onChange, onPlace } = props;
  const history = useHistory(editor, (before, after) => {
    const place = changedPlace(before, after);
    if (place) onPlace(place);
  });
  const current = useRef<HTMLButtonElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the current one.
  useEffect(() => {
    void current.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [value]);
  return (
    <div className="flex h-10 shrink-0 items-center gap-1 border-line border-b bg-surface px-2">
      <PartsMenu editor={editor} projectId={projectId} />
      <nav aria-label={label} className="flex h-full min-w-0 flex-1 gap-1 overflow-x-auto overflow-y-hidden">
        {tabs.map(tab => (
          <button
            key={tab.value}
            ref={tab.value === value ? current : undefined}
            type="button"
            aria-current={tab.value === value ? "page" : undefined}
            onClick={() => onChange(tab.value)}
            className={cx(
              "-mb-px flex shrink-0 items-center border-b-2 px-2 font-medium text-dense hover:text-text focus-visible:-outline-offset-2",
              tab.value === value ? "border-accent text-text" : "border-transparent text-text-2",
            )}
          >
            {tab.label}
          </button>
        ))}
      </nav>
      <UndoButtons editor={editor} history={history} />
    </div>
  );
}

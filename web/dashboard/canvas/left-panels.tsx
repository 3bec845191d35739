import { useTypedAhead } from "@dashboard/frame/typed-ahead";
import { FailedAside, lazyPart } from "@dashboard/lazy-part";
import { t } from "@ui/words";
import { Suspense } from "react";
import type { StepType } from "../data/schema";
import type { Editor } from "../editing/editor";
import type { NoteKind } from "../editing/notes";
import type { FindStepsProps, FoundSpot } from "./find-steps";
import { Outline, type OutlineProps } from "./outline";
import { Palette } from "./palette";

const FindSteps = lazyPart(() => import("./find-steps"), FailedAside);

export interface LeftPanelsProps {
  readonly editor: Editor;
  readonly projectId: string;
  readonly types: ReadonlyMap<string, StepType>;
  readonly panel: "palette" | "find" | undefined;
  /** Left out: it is closed. */
  readonly outline: Omit<OutlineProps, "types"> | undefined;
  readonly onAdd: (type: StepType) => void;
  readonly onAddNote: (kind: NoteKind) => void;
  readonly onPaletteClose: () => void;
  readonly onFound: (stepIds: ReadonlySet<string> | undefined) => void;
  readonly onWalk: (spot: FoundSpot) => void;
  readonly onChoose: (spot: FoundSpot) => void;
  readonly onFindClose: () => void;
}

/** What stands before the canvas: what can be added, what was looked for, and the outline. */
export function LeftPanels({ editor, projectId, types, panel, outline, ...on }: LeftPanelsProps) {
  return (
    <>
      {panel === "palette" && (
        <aside
          aria-label={t("Steps to add")}
          className="w-52 shrink-0 border-line border-e bg-surface max-sm:absolute max-sm:inset-y-0 max-sm:z-10"
        >
          <Palette
            focused
            types={types}
            onClose={on.onPaletteClose}
            onAdd={on.onAdd}
            onAddNote={on.onAddNote}
          />
        </aside>
      )}
      {panel === "find" && (
        <Find
          editor={editor}
          projectId={projectId}
          types={types}
          onFound={on.onFound}
          onClose={on.onFindClose}
          onWalk={on.onWalk}
          onChoose={on.onChoose}
        />
      )}
      {outline && (
        <aside
          aria-label={t("Outline")}
          className="w-64 shrink-0 overflow-y-auto border-line border-e bg-surface"
        >
          <Outline types={types} {...outline} />
        </aside>
      )}
    </>
  );
}

/** What is typed while it is still being loaded is in its field: no key of it is the canvas's. */
function Find(props: Omit<FindStepsProps, "typed">) {
  const typed = useTypedAhead(props.onClose);
  return (
    <Suspense>
      <FindSteps typed={typed} {...props} />
    </Suspense>
  );
}

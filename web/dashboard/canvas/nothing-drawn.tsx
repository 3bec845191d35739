import { DemoLink } from "@dashboard/frame/demo-link";
import { Button } from "@ui/button";
import { t } from "@ui/words";

export interface NothingDrawnProps {
  readonly projectId: string;
  readonly onAdd: () => void;
}

/** What to do with a workflow that has its start alone. */
export function NothingDrawn({ projectId, onAdd }: NothingDrawnProps) {
  return (
    <section
      aria-label={t("How to begin")}
      className="flex max-w-sm flex-col items-center gap-3 rounded-card border border-line bg-surface p-4 text-center"
    >
      <p className="text-balance text-body text-text-2">
        {t("A conversation begins at Start, and goes on with the step that is added to it")}
      </p>
      <div className="flex flex-wrap justify-center gap-2">
        <Button look="primary" onClick={onAdd}>
          {t("Add the first step")}
        </Button>
        <DemoLink projectId={projectId} to="/p/$projectId/build/{-$workflow}" />
      </div>
    </section>
  );
}

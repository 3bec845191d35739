import { useMay } from "@dashboard/data/roles";
import { DemoLink } from "@dashboard/frame/demo-link";
import { Button } from "@ui/button";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { type Kind, WORDS } from "./kinds";

export interface NoPartsProps {
  readonly kind: Kind;
  readonly projectId: string;
  readonly onAdd: () => void;
}

/** A project that has none of a kind yet. */
export function NoParts({ kind, projectId, onAdd }: NoPartsProps) {
  const { icon, about, one, inDemo } = WORDS[kind];
  const edits = useMay("edit");
  return (
    <EmptyState
      icon={icon}
      title={about}
      actions={
        <>
          {edits && (
            <Button look="primary" onClick={onAdd}>
              {t("Add %{one}", { one })}
            </Button>
          )}
          {inDemo && <DemoLink projectId={projectId} to="/p/$projectId/build/{-$workflow}" workflow={kind} />}
        </>
      }
    />
  );
}

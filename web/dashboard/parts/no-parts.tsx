import { useDemo } from "@dashboard/data/demo";
import { useMay } from "@dashboard/data/roles";
import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
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
  const demo = useDemo(projectId);
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
          {demo && inDemo && (
            <Link
              to="/p/$projectId/build/{-$workflow}"
              params={{ projectId: demo, workflow: kind }}
              className={buttonClass()}
            >
              {t("See the demo's")}
            </Link>
          )}
        </>
      }
    />
  );
}

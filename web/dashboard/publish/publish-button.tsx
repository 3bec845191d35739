import { useCommands } from "@dashboard/commands";
import { useMay } from "@dashboard/data/roles";
import { FailedAside, lazyPart } from "@dashboard/lazy-part";
import { Button } from "@ui/button";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { Rocket } from "lucide-react";
import { Suspense, useState } from "react";

const PublishDialog = lazyPart(() => import("./publish-dialog"), FailedAside);

/** Publishes the project's draft, after a look at what that changes; for the top bar. */
export function PublishButton({
  projectId,
  look = "primary",
  dense,
  worded = false,
  saving = false,
  refused,
}: {
  readonly projectId: string;
  readonly look?: "primary" | "secondary";
  readonly dense?: boolean;
  /** In words, also where there is little room. */
  readonly worded?: boolean;
  /** What was edited last is not on the server yet: it is waited for. */
  readonly saving?: boolean;
  /** Why it could not be saved. */
  readonly refused?: string | undefined;
}) {
  const [open, setOpen] = useState(false);
  const edits = useMay("edit");
  useCommands(
    edits
      ? [
          {
            id: "publish",
            label: t("Publish version"),
            group: t("Project"),
            keys: "mod+shift+enter",
            run: () => setOpen(true),
          },
        ]
      : [],
  );
  if (!edits) return null;
  return (
    <>
      <Button dense={dense} look={look} onClick={() => setOpen(true)}>
        <Icon of={Rocket} className={worded ? "hidden" : "sm:hidden"} />
        <span className={worded ? undefined : "max-sm:sr-only"}>{t("Publish")}</span>
      </Button>
      <Suspense>
        {open && (
          <PublishDialog
            projectId={projectId}
            saving={saving}
            refused={refused}
            onClose={() => setOpen(false)}
          />
        )}
      </Suspense>
    </>
  );
}

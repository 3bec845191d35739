import { lazyPart } from "@dashboard/lazy-part";
import { useQuery } from "@tanstack/react-query";
import { Icon } from "@ui/icon";
import { Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronsUpDown } from "lucide-react";
import { type ListedProject, projectsQuery } from "../data/projects";
import { FailedMenu, LateMenu } from "./late-menu";

const Items = lazyPart(() => import("./project-items"), FailedMenu);

/** Which project one is in, and the way to another. */
export function ProjectSwitcher({
  project,
  awaited,
  narrow,
}: {
  readonly project: ListedProject | undefined;
  /** There is one, which the list of projects tells. */
  readonly awaited: boolean;
  readonly narrow: boolean;
}) {
  const { isPending } = useQuery(projectsQuery);
  const loading = awaited && isPending;
  const name = project?.name ?? (loading ? "" : "Conduet");
  return (
    <LateMenu
      menu={Items}
      button={
        <button
          type="button"
          aria-label={
            narrow || loading ? t("%{value}: switch project", { value: name || t("Loading") }) : undefined
          }
          className="flex h-9 w-full min-w-0 items-center gap-2 rounded-control px-1.5 hover:bg-hover"
        >
          <span
            aria-hidden="true"
            data-letter={[...name][0]?.toUpperCase()}
            className="flex size-6 shrink-0 items-center justify-center rounded-control bg-accent font-semibold text-caption text-on-accent before:content-[attr(data-letter)]"
          />
          {!narrow && (
            <>
              <span className="relative min-w-0 flex-1 truncate text-start font-semibold text-body text-text">
                {loading ? <Skeleton className="h-4 w-28" /> : name}
                <span className="sr-only">{t(": switch project")}</span>
              </span>
              <Icon of={ChevronsUpDown} className="text-text-3" />
            </>
          )}
        </button>
      }
    />
  );
}

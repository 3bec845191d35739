import { Link } from "@tanstack/react-router";
import { Icon } from "@ui/icon";
import { Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronRight } from "lucide-react";
import type { ListedProject } from "../data/projects";
import { usePlace } from "./page";

/** Where one is: the project, the page, what of it is open. */
export function Breadcrumb({
  project,
  awaited,
}: {
  readonly project: ListedProject | undefined;
  /** The project's name is being loaded. */
  readonly awaited: boolean;
}) {
  const { title, item } = usePlace();
  return (
    <nav aria-label={t("Breadcrumb")} className="min-w-0">
      <ol className="flex min-w-0 items-center gap-1 text-body">
        {(project || awaited) && (
          <li className="flex min-w-0 max-w-48 items-center gap-1 max-sm:hidden">
            {project ? (
              <Link
                to="/p/$projectId"
                params={{ projectId: project.id }}
                dir="auto"
                title={project.name}
                className="truncate rounded-tag py-0.5 text-text-2 hover:text-text"
              >
                {project.name}
              </Link>
            ) : (
              <Skeleton className="h-4 w-28" />
            )}
            <Icon of={ChevronRight} className="text-text-3" />
          </li>
        )}
        <li
          aria-current={item ? undefined : "page"}
          className={item ? "shrink-0 text-text-2 max-sm:hidden" : "shrink-0 font-medium text-text"}
        >
          {title}
        </li>
        {item && (
          <li aria-current="page" className="flex min-w-0 items-center gap-1">
            <Icon of={ChevronRight} className="text-text-3 max-sm:hidden" />
            <span dir="auto" title={item} className="truncate font-medium text-text">
              {item}
            </span>
          </li>
        )}
      </ol>
    </nav>
  );
}

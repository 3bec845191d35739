import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Icon } from "@ui/icon";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronsUpDown, FolderOpen, Plus } from "lucide-react";
import { type ListedProject, projectsQuery } from "../data/projects";

const SHOWN = 12;

/** Which project one is in, and the way to another. */
export function ProjectSwitcher({
  project,
  loading,
  narrow,
}: {
  readonly project: ListedProject | undefined;
  readonly loading: boolean;
  readonly narrow: boolean;
}) {
  const { data: projects = [] } = useQuery(projectsQuery);
  const name = project?.name ?? (loading ? "" : "Conduet");
  return (
    <Menu
      align="start"
      trigger={
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
              <span className="min-w-0 flex-1 truncate text-start font-semibold text-body text-text">
                {loading ? <Skeleton className="h-4 w-28" /> : name}
                <span className="sr-only">{t(": switch project")}</span>
              </span>
              <Icon of={ChevronsUpDown} className="text-text-3" />
            </>
          )}
        </button>
      }
    >
      {projects.slice(0, SHOWN).map(each => (
        <MenuItem key={each.id} render={<Link to="/p/$projectId" params={{ projectId: each.id }} />}>
          <span dir="auto" title={each.name} className="max-w-80 truncate">
            {each.name}
          </span>
        </MenuItem>
      ))}
      {projects.length > 0 && <MenuLine />}
      <MenuItem icon={FolderOpen} render={<Link to="/" />}>
        {t("All projects")}
      </MenuItem>
      <MenuItem icon={Plus} render={<Link to="/" search={{ new: "template" }} />}>
        {t("New project")}
      </MenuItem>
    </Menu>
  );
}

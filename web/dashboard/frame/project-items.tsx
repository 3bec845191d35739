import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Menu, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { FolderOpen, Plus } from "lucide-react";
import { projectsQuery } from "../data/projects";
import type { LateProps } from "./late-menu";

const SHOWN = 12;

/** The projects that one can go to. */
export default function ProjectItems(props: LateProps) {
  const { data: projects = [] } = useQuery(projectsQuery);
  return (
    <Menu align="start" {...props}>
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

import { useQuery } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { t } from "@ui/words";
import { projectsQuery } from "../data/projects";
import type { NavItem } from "./nav";

export interface DemoLinkProps {
  readonly projectId: string;
  /** Which of the demo's pages; with what the address goes on. */
  readonly to: NavItem["to"];
  readonly workflow?: string;
  readonly search?: LinkProps["search"];
}

/** The id of the project that a first start adds. */
const DEMO = "proj_demo";

/** The way from an empty page to the demo's, while there is a demo. */
export function DemoLink({ projectId, to, workflow, search }: DemoLinkProps) {
  const { data: projects } = useQuery(projectsQuery);
  if (projectId === DEMO || !projects?.some(each => each.id === DEMO)) return null;
  const link: LinkProps = { to, params: { projectId: DEMO, workflow }, search };
  return (
    <Link {...link} className={buttonClass()}>
      {t("See the demo's")}
    </Link>
  );
}

import { Link, type LinkProps } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { t } from "@ui/words";
import { useDemo } from "../data/demo";
import type { NavItem } from "./nav";

export interface DemoLinkProps {
  readonly projectId: string;
  /** Which of the demo's pages; with what the address goes on. */
  readonly to: NavItem["to"];
  readonly workflow?: string;
  readonly search?: LinkProps["search"];
}

/** The way from an empty page to the demo's, while there is a demo. */
export function DemoLink({ projectId, to, workflow, search }: DemoLinkProps) {
  const demo = useDemo(projectId);
  const link: LinkProps = { to, params: { projectId: demo, workflow }, search };
  return (
    demo && (
      <Link {...link} className={buttonClass()}>
        {t("See the demo's")}
      </Link>
    )
  );
}

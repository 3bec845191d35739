import { Link, type LinkProps } from "@tanstack/react-router";
import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { Kbd } from "@ui/kbd";
import { count } from "@ui/time";
import { Tooltip } from "@ui/tooltip";
import { t } from "@ui/words";
import { FolderOpen, type LucideIcon, Search } from "lucide-react";
import type { ListedProject } from "../data/projects";
import { useWaiting } from "../live/waiting";
import { AccountMenu } from "./account-menu";
import { type NavItem, useNav } from "./nav";
import { ProjectSwitcher } from "./project-switcher";

export interface RailProps {
  readonly project: ListedProject | undefined;
  /** The project's, also while it is being loaded. */
  readonly projectId: string | undefined;
  readonly narrow?: boolean;
  readonly onSearch: () => void;
}

/** The project's pages, at the left; folded, only their signs. */
export function Rail({ project, projectId, narrow = false, onSearch }: RailProps) {
  const nav = useNav();
  return (
    <div className={cx("flex h-full flex-col border-line border-e bg-sunken", narrow ? "w-13" : "w-58")}>
      <div className="flex h-12 shrink-0 items-center px-2">
        <ProjectSwitcher project={project} awaited={!project && projectId !== undefined} narrow={narrow} />
      </div>
      <nav
        aria-label={project ? project.name : t("Main")}
        className="min-h-0 flex-1 overflow-y-auto px-2 pb-2"
      >
        <button
          type="button"
          onClick={onSearch}
          className={cx(ROW, "w-full")}
          aria-label={narrow ? t("Search") : undefined}
        >
          <Icon of={Search} className="text-text-3" />
          {!narrow && (
            <>
              <span className="flex-1 text-start">{t("Search")}</span>
              <Kbd keys="mod+k" />
            </>
          )}
        </button>
        {!projectId && (
          <RailLink
            to="/"
            icon={FolderOpen}
            label={t("Projects")}
            narrow={narrow}
            activeOptions={{ exact: true }}
          />
        )}
        {projectId &&
          nav.map(group => (
            <div key={group[0]?.label} className="mt-3 flex flex-col gap-px">
              {group.map(item => (
                <RailLink
                  key={item.label}
                  to={item.to}
                  icon={item.icon}
                  label={item.label}
                  waiting={item.waiting}
                  narrow={narrow}
                  shortcut={item.key && `g ${item.key}`}
                  params={{ projectId }}
                />
              ))}
            </div>
          ))}
      </nav>
      <div className="shrink-0 border-line border-t p-2">
        <AccountMenu narrow={narrow} />
      </div>
    </div>
  );
}

const ROW =
  "flex h-8 items-center gap-2 rounded-control px-2 text-body text-text-2 hover:bg-hover hover:text-text coarse:h-10";

interface RailLinkProps extends Omit<LinkProps, "children"> {
  readonly icon: LucideIcon;
  readonly label: string;
  readonly narrow: boolean;
  readonly shortcut?: string;
  readonly waiting?: NavItem["waiting"];
}

function RailLink({ icon, label, narrow, shortcut, waiting, ...link }: RailLinkProps) {
  const many = useWaiting(state => (waiting ? state[waiting] : 0));
  const row = (
    <Link
      {...link}
      aria-label={
        narrow ? (many > 0 ? t("%{label} %{many} waiting", { label, many: count(many) }) : label) : undefined
      }
      className={cx(ROW, "relative")}
      activeProps={{ className: "bg-hover font-medium text-text!" }}
    >
      <Icon of={icon} className="text-text-3" />
      {!narrow && <span className="flex-1 truncate">{label}</span>}
      {many > 0 && narrow && <span className="absolute end-1 top-1 size-2 rounded-pill bg-accent" />}
      {many > 0 && !narrow && (
        <span className="rounded-pill bg-accent-soft px-1.5 font-medium text-accent-text text-caption tabular-nums">
          {count(many)}
          <span className="sr-only"> {t("waiting")}</span>
        </span>
      )}
    </Link>
  );
  return narrow ? (
    <Tooltip text={label} shortcut={shortcut} side="right">
      {row}
    </Tooltip>
  ) : (
    row
  );
}

import { useMay } from "@dashboard/data/roles";
import { FailedAside, lazyPart, loadInTime } from "@dashboard/lazy-part";
import { useQuery } from "@tanstack/react-query";
import { Outlet, useParams, useRouter } from "@tanstack/react-router";
import { IconButton } from "@ui/button";
import { t } from "@ui/words";
import { Menu as MenuIcon, PanelLeft } from "lucide-react";
import { Suspense, useEffect, useState } from "react";
import { useCommands } from "../commands";
import { projectsQuery } from "../data/projects";
import { Breadcrumb } from "./breadcrumb";
import { CommandMenu } from "./command-menu";
import { useFrameCommands } from "./frame-commands";
import { Notices } from "./notices";
import { ACTIONS } from "./page";
import { Rail } from "./rail";

const Shortcuts = lazyPart(() => import("./shortcuts"), FailedAside);
const Watch = lazyPart(() => import("../live/watch"), FailedAside);
const Drawer = lazyPart(() => import("./drawer"), FailedAside);

const KEY = "conduet.rail";

/** Rail, top bar and the page: what stays while pages change. */
export function Frame() {
  const { projectId } = useParams({ strict: false });
  const reads = useMay("read");
  const edits = useMay("edit");
  const projects = useQuery(projectsQuery);
  const project = projects.data?.find(each => each.id === projectId);
  // A list that does not come takes no page away.
  const rail = { project, projectId: project || !projects.isSuccess ? projectId : undefined };
  const [narrow, setNarrow] = useState(() => localStorage.getItem(KEY) === "narrow");
  const [open, setOpen] = useState<"palette" | "shortcuts" | "drawer">();
  const close = () => setOpen(undefined);
  useEffect(() => localStorage.setItem(KEY, narrow ? "narrow" : "wide"), [narrow]);
  useCloseOnNavigation(close);
  useFrameCommands(projectId);
  useEffect(loadInTime, []);
  useCommands([
    {
      id: "palette",
      label: t("Open command menu"),
      group: t("Anywhere"),
      keys: "mod+k",
      run: () => setOpen("palette"),
    },
    {
      id: "shortcuts",
      label: t("Show shortcuts"),
      group: t("Anywhere"),
      keys: "mod+/",
      run: () => setOpen("shortcuts"),
    },
    {
      id: "shortcuts-sign",
      label: t("Show shortcuts"),
      group: t("Anywhere"),
      keys: "?",
      run: () => setOpen("shortcuts"),
    },
    {
      id: "rail",
      label: t("Fold the rail"),
      group: t("Anywhere"),
      keys: "mod+\\",
      run: () => setNarrow(is => !is),
    },
  ]);
  return (
    <div className="flex h-dvh bg-bg">
      <a
        href="#page"
        className="sr-only z-50 rounded-control bg-raised p-2 text-accent-text focus:not-sr-only focus:fixed focus:start-2 focus:top-2"
      >
        {t("Skip to the page")}
      </a>
      <div className="max-lg:hidden">
        <Rail {...rail} narrow={narrow} onSearch={() => setOpen("palette")} />
      </div>
      <div className="flex min-w-0 flex-1 flex-col">
        <header className="flex h-12 shrink-0 items-center gap-2 border-line border-b bg-surface px-3">
          <IconButton
            className="lg:hidden"
            icon={MenuIcon}
            label={t("Open menu")}
            onClick={() => setOpen("drawer")}
          />
          <IconButton
            className="max-lg:hidden"
            icon={PanelLeft}
            label={narrow ? t("Unfold the rail") : t("Fold the rail")}
            shortcut="mod+\"
            onClick={() => setNarrow(is => !is)}
          />
          <Breadcrumb project={project} awaited={projects.isPending && projectId !== undefined} />
          <div id={ACTIONS} className="ms-auto flex shrink-0 items-center gap-2" />
        </header>
        <Notices />
        {project && reads && !edits && (
          <p role="status" className="border-line border-b bg-sunken px-4 py-1 text-dense text-text-2">
            {t("You can read this project. Ask an owner for the editor role to change it.")}
          </p>
        )}
        {/* Whoever only reads scrolls it by keys, though no control in it takes the focus. */}
        <main id="page" tabIndex={edits ? -1 : 0} className="min-h-0 flex-1 overflow-auto outline-none">
          <Outlet />
        </main>
      </div>
      <Suspense>
        {project && (
          <Watch key={project.id} projectId={project.id} publishes={project.framework === "outbound"} />
        )}
      </Suspense>
      {open === "palette" && <CommandMenu onClose={close} />}
      <Suspense>
        {open === "shortcuts" && <Shortcuts onClose={close} />}
        {open === "drawer" && <Drawer {...rail} onClose={close} onSearch={() => setOpen("palette")} />}
      </Suspense>
    </div>
  );
}

/** Whatever floats over the frame goes when another page comes, and the focus goes to that page if it was nowhere else. */
function useCloseOnNavigation(close: () => void): void {
  const router = useRouter();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `close` only sets state
  useEffect(() => {
    const before = router.subscribe("onBeforeNavigate", event => event.pathChanged && close());
    const after = router.subscribe("onRendered", event => {
      if (event.pathChanged && document.activeElement === document.body)
        document.getElementById("page")?.focus();
    });
    return () => {
      before();
      after();
    };
  }, [router]);
}

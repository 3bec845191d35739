import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "@ui/words";
import { type Command, useCommands } from "../commands";
import { projectsQuery } from "../data/projects";
import { useMay } from "../data/roles";
import { useTheme } from "../theme";
import { THEMES, useSignOut } from "./account";
import { useNav } from "./nav";

/** What can be done on every page: going elsewhere, the theme, the way out. */
export function useFrameCommands(projectId: string | undefined): void {
  const navigate = useNavigate();
  const nav = useNav();
  const edits = useMay("edit");
  const { data: projects = [] } = useQuery(projectsQuery);
  const { setTheme } = useTheme();
  const leave = useSignOut();
  const pages: Command[] = projectId
    ? nav.flat().map(({ to, label, key }) => ({
        id: `go-${label}`,
        label: t("Go to %{label}", { label: label.toLowerCase() }),
        group: t("Go"),
        keys: key && `g ${key}`,
        run: () => navigate({ to, params: { projectId } }),
      }))
    : [];
  useCommands([
    ...pages,
    {
      id: "go-projects",
      label: t("Go to projects"),
      group: t("Go"),
      keys: "g p",
      run: () => navigate({ to: "/" }),
    },
    {
      id: "go-settings",
      label: t("Go to account settings"),
      group: t("Go"),
      run: () => navigate({ to: "/settings" }),
    },
    ...(edits
      ? [
          {
            id: "new-project",
            label: t("New project"),
            group: t("Anywhere"),
            find: t("create add template blank import"),
            run: () => navigate({ to: "/", search: { new: "template" } }),
          },
        ]
      : []),
    ...THEMES.map(theme => ({
      id: `theme-${theme.value}`,
      label: t("Theme: %{label}", { label: theme.label.toLowerCase() }),
      group: t("Anywhere"),
      find: t("appearance colour mode"),
      run: () => setTheme(theme.value),
    })),
    { id: "sign-out", label: t("Sign out"), group: t("Anywhere"), run: () => void leave() },
    ...projects.map(each => ({
      id: `open-${each.id}`,
      label: each.name,
      group: t("Projects"),
      find: each.id,
      run: () => navigate({ to: "/p/$projectId", params: { projectId: each.id } }),
    })),
  ]);
}

import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { type Command, useCommands } from "../commands";
import { projectsQuery } from "../data/projects";
import { useMay } from "../data/roles";
import { useTheme } from "../theme";
import { THEMES, useSignOut } from "./account-menu";
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
        label: `Go to ${label.toLowerCase()}`,
        group: "Go",
        keys: key && `g ${key}`,
        run: () => navigate({ to, params: { projectId } }),
      }))
    : [];
  useCommands([
    ...pages,
    {
      id: "go-projects",
      label: "Go to projects",
      group: "Go",
      keys: "g p",
      run: () => navigate({ to: "/" }),
    },
    {
      id: "go-settings",
      label: "Go to account settings",
      group: "Go",
      run: () => navigate({ to: "/settings" }),
    },
    ...(edits
      ? [
          {
            id: "new-project",
            label: "New project",
            group: "Anywhere",
            find: "create add template blank import",
            run: () => navigate({ to: "/", search: { new: "template" } }),
          },
        ]
      : []),
    ...THEMES.map(theme => ({
      id: `theme-${theme.value}`,
      label: `Theme: ${theme.label.toLowerCase()}`,
      group: "Anywhere",
      find: "appearance colour mode",
      run: () => setTheme(theme.value),
    })),
    { id: "sign-out", label: "Sign out", group: "Anywhere", run: () => void leave() },
    ...projects.map(each => ({
      id: `open-${each.id}`,
      label: each.name,
      group: "Projects",
      find: each.id,
      run: () => navigate({ to: "/p/$projectId", params: { projectId: each.id } }),
    })),
  ]);
}

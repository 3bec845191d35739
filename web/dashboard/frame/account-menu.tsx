import { useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Icon } from "@ui/icon";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { BookText, CircleUser, LogOut, Monitor, Moon, Settings, Sun } from "lucide-react";
import { signOut } from "../session";
import { type Theme, useTheme } from "../theme";

export const THEMES = [
  { value: "system", label: t("As the system"), icon: Monitor },
  { value: "light", label: t("Light"), icon: Sun },
  { value: "dark", label: t("Dark"), icon: Moon },
] as const;

/** Theme, settings and the way out. */
export function AccountMenu({ narrow }: { readonly narrow: boolean }) {
  const { theme, setTheme } = useTheme();
  const leave = useSignOut();
  return (
    <Menu
      align="start"
      side="top"
      trigger={
        <button
          type="button"
          aria-label={t("Account and theme")}
          className="flex h-8 w-full items-center gap-2 rounded-control px-2 text-body text-text-2 hover:bg-hover hover:text-text coarse:h-10"
        >
          <Icon of={CircleUser} className="text-text-3" />
          {!narrow && <span>{t("Account")}</span>}
        </button>
      }
    >
      <MenuChoice<Theme> label={t("Theme")} value={theme} onChange={setTheme} options={THEMES} />
      <MenuLine />
      <MenuItem icon={Settings} render={<Link to="/settings" />}>
        {t("Account settings")}
      </MenuItem>
      <MenuItem icon={BookText} render={<a href="/docs">{t("API reference")}</a>}>
        {t("API reference")}
      </MenuItem>
      <MenuItem icon={LogOut} onSelect={leave}>
        {t("Sign out")}
      </MenuItem>
    </Menu>
  );
}

/** Ends the session and forgets everything that was read. */
export function useSignOut(): () => Promise<void> {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return async () => {
    await signOut();
    queryClient.clear();
    await navigate({ to: "/sign-in" });
  };
}

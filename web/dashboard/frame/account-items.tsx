import { Link } from "@tanstack/react-router";
import { Menu, MenuChoice, MenuItem, MenuLine } from "@ui/menu";
import { t } from "@ui/words";
import { BookText, LogOut, Settings } from "lucide-react";
import { type Theme, useTheme } from "../theme";
import { THEMES, useSignOut } from "./account";
import type { LateProps } from "./late-menu";

/** What is in the account's menu. */
export default function AccountItems(props: LateProps) {
  const { theme, setTheme } = useTheme();
  const leave = useSignOut();
  return (
    <Menu align="start" side="top" {...props}>
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

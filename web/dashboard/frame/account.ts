import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { t } from "@ui/words";
import { Monitor, Moon, Sun } from "lucide-react";
import { signOut } from "../session";

export const THEMES = [
  { value: "system", label: t("As the system"), icon: Monitor },
  { value: "light", label: t("Light"), icon: Sun },
  { value: "dark", label: t("Dark"), icon: Moon },
] as const;

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

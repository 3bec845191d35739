import { create } from "zustand";

export type Theme = "system" | "light" | "dark";

/** The script in index.html reads the same before the first paint. */
const KEY = "conduet.theme";

interface ThemeState {
  readonly theme: Theme;
  readonly setTheme: (theme: Theme) => void;
}

export const useTheme = create<ThemeState>(set => ({
  theme: (document.documentElement.dataset.theme as Theme | undefined) ?? "system",
  setTheme: theme => {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset.theme = theme;
    set({ theme });
  },
}));

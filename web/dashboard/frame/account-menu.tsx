import { lazyPart } from "@dashboard/lazy-part";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { CircleUser } from "lucide-react";
import { FailedMenu, LateMenu } from "./late-menu";

const Items = lazyPart(() => import("./account-items"), FailedMenu);

/** Theme, settings and the way out. */
export function AccountMenu({ narrow }: { readonly narrow: boolean }) {
  return (
    <LateMenu
      menu={Items}
      button={
        <button
          type="button"
          aria-label={t("Account and theme")}
          className="flex h-8 w-full items-center gap-2 rounded-control px-2 text-body text-text-2 hover:bg-hover hover:text-text coarse:h-10"
        >
          <Icon of={CircleUser} className="text-text-3" />
          {!narrow && <span>{t("Account")}</span>}
        </button>
      }
    />
  );
}

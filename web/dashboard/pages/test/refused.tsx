import { ROLES } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { sessionQuery } from "@dashboard/session";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { Lock } from "lucide-react";

/** For whoever may not test: which role may, who can give it, and what there is to see meanwhile. */
export function Refused({ projectId }: { readonly projectId: string }) {
  const { data } = useQuery(sessionQuery);
  return (
    <Page title={t("Test")}>
      <EmptyState
        icon={Lock}
        title={t("Testing takes the editor role")}
        actions={
          <Link
            to="/p/$projectId/transcripts/{-$transcriptId}"
            params={{ projectId, transcriptId: undefined }}
            className={buttonClass("primary")}
          >
            {t("Read transcripts")}
          </Link>
        }
      >
        {data?.role && t("Your role is %{label}. ", { label: ROLES[data.role].label.toLowerCase() })}
        {t("An owner of the account can change it, under Account settings, Members.")}
      </EmptyState>
    </Page>
  );
}

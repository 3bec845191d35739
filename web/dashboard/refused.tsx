import { may, ROLES } from "@dashboard/data/roles";
import { Page } from "@dashboard/frame/page";
import { sessionQuery } from "@dashboard/session";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { EmptyState } from "@ui/states";
import { t } from "@ui/words";
import { Lock } from "lucide-react";

export interface RefusedProps {
  readonly projectId: string;
  readonly page: string;
  /** Which role it takes. */
  readonly title: string;
}

/** For whoever may not be on a page: which role may, who can give it, and what there is to see meanwhile. */
export function Refused({ projectId, page, title }: RefusedProps) {
  const { data } = useQuery(sessionQuery);
  return (
    <Page title={page}>
      <EmptyState
        icon={Lock}
        title={title}
        actions={
          may(data?.role, "answer") ? (
            <Link
              to="/p/$projectId/inbox/{-$conversation}"
              params={{ projectId, conversation: undefined }}
              className={buttonClass("primary")}
            >
              {t("Open inbox")}
            </Link>
          ) : (
            <Link
              to="/p/$projectId/transcripts/{-$transcriptId}"
              params={{ projectId, transcriptId: undefined }}
              className={buttonClass("primary")}
            >
              {t("Read transcripts")}
            </Link>
          )
        }
      >
        {data?.role && t("Your role is %{label}. ", { label: ROLES[data.role].label.toLowerCase() })}
        {t("An owner of the account can change it, under Account settings, Members.")}
      </EmptyState>
    </Page>
  );
}

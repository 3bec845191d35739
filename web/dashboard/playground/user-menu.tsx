import { Link } from "@tanstack/react-router";
import { Button, buttonClass } from "@ui/button";
import { t } from "@ui/words";
import { UserRound } from "lucide-react";
import { PresetMenu } from "../parts/preset-menu";
import { useConversationVariables } from "./conversation-state";
import type { Talk } from "./use-conversation";

/** As whom one talks: somebody new, somebody with variables that were set by, or from where a transcript stood. */
export function UserMenu({ projectId, talk }: { readonly projectId: string; readonly talk: Talk }) {
  const known = useConversationVariables(projectId, talk);
  const variables = Object.entries(known ?? {}).filter(([, value]) => value !== null && value !== "");
  return (
    <PresetMenu
      projectId={projectId}
      kind="persona"
      title={t("Talk as")}
      one={t("persona")}
      trigger={
        <Button dense look="quiet" icon={UserRound}>
          {t("User")}
        </Button>
      }
      content={variables.length > 0 ? Object.fromEntries(variables) : undefined}
      onChoose={({ content }) => talk.begin(content)}
    >
      <div className="flex flex-wrap gap-2">
        <Button dense onClick={() => talk.restart()}>
          {t("New user")}
        </Button>
        <Link
          to="/p/$projectId/transcripts/{-$transcriptId}"
          params={{ projectId, transcriptId: undefined }}
          className={buttonClass("secondary", true)}
        >
          {t("From a transcript")}
        </Link>
      </div>
    </PresetMenu>
  );
}

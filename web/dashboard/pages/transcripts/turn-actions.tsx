import { useFramework } from "@dashboard/data/projects";
import { useMay } from "@dashboard/data/roles";
import type { Transcript } from "@dashboard/data/turns";
import { Link } from "@tanstack/react-router";
import { buttonClass } from "@ui/button";
import { Icon } from "@ui/icon";
import { t } from "@ui/words";
import { Play, Waypoints } from "lucide-react";
import { MarkWrong } from "./mark-wrong";

export interface TurnActionsProps {
  readonly projectId: string;
  readonly transcript: Transcript;
  readonly turn: string;
  readonly number: number;
}

export interface RatedTurn {
  /** Somebody has said already what they think of an answer in it. */
  readonly rated: boolean;
}

/** What can be done with one turn: tried anew from where it began, or walked on the canvas. */
export function TurnActions({ projectId, transcript, turn, number, rated }: TurnActionsProps & RatedTurn) {
  const edits = useMay("edit");
  const answers = useMay("answer");
  // An agent decides by itself: no steps are drawn.
  const framework = useFramework(projectId);
  return (
    <>
      {edits && (
        <Link
          to="/p/$projectId/test"
          params={{ projectId }}
          search={{ transcript: transcript.id, turn }}
          className={buttonClass("quiet", true)}
          title={t("With the variables and the place that this turn began with, as another user")}
        >
          <Icon of={Play} />
          {t("Open in test")} <span className="sr-only">{t("from turn %{number}", { number })}</span>
        </Link>
      )}
      {framework !== "agentic" && (
        <Link
          to="/p/$projectId/build/{-$workflow}"
          params={{ projectId, workflow: undefined }}
          search={{ user: transcript.userId, turn }}
          className={buttonClass("quiet", true)}
        >
          <Icon of={Waypoints} />
          {t("Replay on canvas")} <span className="sr-only">{t("turn %{number}", { number })}</span>
        </Link>
      )}
      {answers && !rated && <MarkWrong {...{ projectId, transcript, turn, number }} />}
    </>
  );
}

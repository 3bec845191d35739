import { keepWritten } from "@dashboard/written";
import { useQueryClient } from "@tanstack/react-query";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { useEffect, useRef, useState } from "react";
import { transcriptQuery, turnQuery } from "../data/turns";
import { composerOf } from "./kept";
import { conversationOf } from "./told";
import type { Talk } from "./use-conversation";

/** Goes on from before a turn of a transcript, once; what its user said then is kept to be said, and comes back. */
export function useMoment(projectId: string, talk: Talk, transcriptId = "", turnId = ""): string | undefined {
  const client = useQueryClient();
  const [said, setSaid] = useState<string>();
  const done = useRef("");
  const { goOn } = talk;
  useEffect(() => {
    const place = `${transcriptId}/${turnId}`;
    if (!transcriptId || !turnId || done.current === place) return;
    done.current = place;
    const go = async () => {
      const transcript = await client.fetchQuery(transcriptQuery(projectId, transcriptId));
      const turn = await client.fetchQuery(turnQuery(projectId, transcript.userId, turnId));
      if (done.current !== place) return;
      goOn({ before: turn.before, shown: conversationOf(transcript, turn) });
      const words = wordsOf(turn.action);
      if (words) keepWritten(composerOf(projectId), words);
      setSaid(words);
    };
    go().catch((error: Error) =>
      toast(t("Could not open the turn"), { description: error.message, bad: true }),
    );
  }, [client, projectId, transcriptId, turnId, goOn]);
  return said;
}

/** What the user of a turn wrote or pressed. */
function wordsOf({ payload }: { readonly payload?: unknown }): string | undefined {
  if (typeof payload === "string") return payload;
  const label = (payload as { label?: unknown } | null | undefined)?.label;
  return typeof label === "string" ? label : undefined;
}

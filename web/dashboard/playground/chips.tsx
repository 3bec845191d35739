import type { Conversation } from "@client/traces";
import { useQuery } from "@tanstack/react-query";
import { t } from "@ui/words";
import { documentQuery } from "../data/projects";

const MOST = 4;

/** Words that the project knows an answer to: what its intents are told by. Not where there are buttons to press. */
export function Chips({
  projectId,
  conversation,
  onSay,
}: {
  readonly projectId: string;
  readonly conversation: Conversation;
  readonly onSay: (words: string) => void;
}) {
  const { data } = useQuery(documentQuery(projectId));
  if (conversation.buttons.length > 0 || conversation.ended) return null;
  const words = (data?.document.intents ?? []).flatMap(({ utterances }) => utterances?.slice(0, 1) ?? []);
  // What is filled in for an entity, such as {day}, is not what somebody would say.
  const known = words.filter(each => !/[{[]/.test(each)).slice(0, MOST);
  if (known.length === 0) return null;
  return (
    <fieldset data-composer className="flex gap-1 overflow-x-auto px-3 py-1">
      <legend className="sr-only">{t("Known replies")}</legend>
      {known.map(each => (
        <button
          key={each}
          type="button"
          dir="auto"
          onClick={() => onSay(each)}
          className="h-6 shrink-0 rounded-pill border border-line px-2 text-caption text-text-2 hover:bg-hover coarse:h-10"
        >
          {each}
        </button>
      ))}
    </fieldset>
  );
}

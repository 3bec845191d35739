import { api, sent } from "@client/api";
import type { Conversation, Turn } from "@client/traces";
import { useQuery } from "@tanstack/react-query";
import { JsonView } from "@ui/code";
import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { BUBBLE } from "./messages";

export interface LensProps {
  readonly projectId: string;
  readonly channel: string;
  readonly conversation: Conversation;
}

/** A conversation as a channel shows it: the server makes the very messages that would go out there. */
export default function Lens({ projectId, channel, conversation }: LensProps) {
  const said = conversation.items.filter(item => item.kind === "user");
  const beginnings = conversation.turns.length - said.length;
  return (
    <ol className="flex flex-col gap-2">
      {conversation.turns.map((turn, index) => {
        const words = said[index - beginnings];
        return (
          <li key={turn.id} className="flex flex-col gap-2">
            {words && (
              <p dir="auto" className={cx(BUBBLE, "self-end whitespace-pre-wrap bg-accent text-on-accent")}>
                <span className="sr-only">{t("You:")} </span>
                {words.text}
              </p>
            )}
            {turn.done && <Answer projectId={projectId} channel={channel} turn={turn} />}
          </li>
        );
      })}
    </ol>
  );
}

function Answer({ projectId, channel, turn }: Omit<LensProps, "conversation"> & { readonly turn: Turn }) {
  const { data, error } = useQuery({
    queryKey: ["project", projectId, "preview", channel, turn.id, turn.traces.length],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: ({ signal }) =>
      sent(
        api.POST("/api/v1/projects/{projectId}/channels/{channel}/preview", {
          params: { path: { projectId, channel } },
          body: { traces: whole(turn) as never },
          signal,
        }),
      ),
  });
  if (error) return <p className="text-bad text-dense">{error.message}</p>;
  return data?.messages.map((message, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: they stay in their order
    <div key={index} className={cx(BUBBLE, "flex flex-col gap-2 bg-sunken")}>
      {message.text && (
        <p dir="auto" className="whitespace-pre-wrap">
          <span className="sr-only">{t("Agent:")} </span>
          {message.text}
        </p>
      )}
      {message.options.length > 0 && (
        <ul aria-label={t("Can be pressed")} className="flex flex-wrap gap-1">
          {message.options.map(each => (
            <li key={each} dir="auto" className="rounded-control border border-control px-2 text-dense">
              {each}
            </li>
          ))}
        </ul>
      )}
      {message.numbered.length > 0 && (
        <p className="text-caption text-text-2">
          {t("No buttons here: the number that is written back is the choice.")}
        </p>
      )}
      <details className="text-caption text-text-2">
        <summary className="min-h-6 cursor-pointer">{t("As it goes out")}</summary>
        <JsonView value={message.content} />
      </details>
    </div>
  ));
}

/** The traces with streamed words in one piece, as a channel is given them. */
function whole({ traces }: Turn): readonly object[] {
  const found: { type: string; payload: Record<string, unknown> }[] = [];
  let text = "";
  for (const { type, payload } of traces) {
    if (!type.startsWith("completion-")) {
      found.push({ type, payload: { ...payload } });
      continue;
    }
    text = type === "completion-start" ? String(payload["text"] ?? "") : text + String(payload["text"] ?? "");
    if (type === "completion-end") found.push({ type: "text", payload: { message: text } });
  }
  return found;
}

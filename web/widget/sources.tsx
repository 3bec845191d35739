import type { Source } from "@client/traces";
import { useEffect, useRef } from "preact/hooks";
import { Icon } from "./icon";
import type { Words } from "./words";

interface Props {
  readonly sources: readonly Source[];
  /** The one that was asked for; all where none was. */
  readonly at: number | undefined;
  readonly words: Words;
  readonly onClose: () => void;
}

/** What an answer stands on: documents, passages, links. */
export function SourcesCard({ sources, at, words, onClose }: Props) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), []);
  const shown = at === undefined ? sources : sources.slice(at, at + 1);
  const first = at ?? 0;
  const title = sources.length === 1 ? words("source") : words("sources", { count: sources.length });
  return (
    <div class="sources" ref={card} role="dialog" aria-label={title} tabIndex={-1}>
      <button type="button" class="quiet always" aria-label={words("dismiss")} onClick={onClose}>
        <Icon of="close" />
      </button>
      <ol start={first + 1}>
        {shown.map(source => (
          <li key={source.chunkId} dir="auto">
            <p class="heading">{source.name}</p>
            <blockquote>{source.excerpt}</blockquote>
            {source.url && /^https?:/i.test(source.url) && (
              <a href={source.url} target="_blank" rel="noopener noreferrer nofollow">
                {words("open-source")}
              </a>
            )}
          </li>
        ))}
      </ol>
    </div>
  );
}

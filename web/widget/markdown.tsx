import { type Element, type Node, type Reading, read } from "@client/markdown";
import { type ComponentChildren, h } from "preact";
import { useMemo, useRef } from "preact/hooks";

interface Shown {
  readonly text: string;
  readonly growing: boolean;
  /** How many sources there are, and what to do when one is asked for. */
  readonly sources: number;
  readonly label: (source: number) => string;
  readonly onSource: (source: number, mark: HTMLElement) => void;
}

/** Markdown as elements; of one that grows only the last block is drawn again. */
export function Markdown(props: Shown) {
  const { text, growing } = props;
  const before = useRef<Reading | undefined>(undefined);
  // What is not different is not read again, whatever else is drawn.
  const { blocks } = useMemo(() => {
    before.current = read(text, before.current, growing);
    return before.current;
  }, [text, growing]);
  return (
    <>
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks only grow at the end
        <Block key={index} of={block} shown={props} />
      ))}
    </>
  );
}

/** The same element twice is not looked at twice. */
function Block({ of, shown }: { readonly of: Element; readonly shown: Shown }) {
  const now = useRef(shown);
  now.current = shown;
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is pressed asks what holds then
  return useMemo(() => draw(of, now.current), [of, shown.sources]) as preact.VNode;
}

const TAGS: Partial<Record<Element["tag"], string>> = { heading: "p", head: "tr", row: "tr" };

function draw(node: Node, shown: Shown): ComponentChildren {
  if (typeof node === "string") return node;
  const children = node.children.map(each => draw(each, shown));
  switch (node.tag) {
    case "link":
      return (
        <a href={node.href} target="_blank" rel="noopener noreferrer nofollow">
          {children}
        </a>
      );
    case "image":
      return <img src={node.href} alt={node.children.join("")} loading="lazy" />;
    case "mark": {
      const source = node.source ?? 0;
      if (source < 1 || source > shown.sources) return node.children.join("");
      return (
        <button
          type="button"
          class="mark"
          aria-label={shown.label(source)}
          aria-haspopup="dialog"
          onClick={event => shown.onSource(source, event.currentTarget)}
        >
          {source}
        </button>
      );
    }
    case "table":
      return (
        <div class="table" tabIndex={0} role="group" aria-label="…">
          <table>
            <thead>{children[0]}</thead>
            <tbody>{children.slice(1)}</tbody>
          </table>
        </div>
      );
    case "pre":
      return <pre tabIndex={0}>{children}</pre>;
    default:
      return h(TAGS[node.tag] ?? node.tag, node.tag === "heading" ? { class: "heading" } : null, ...children);
  }
}

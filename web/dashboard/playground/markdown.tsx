import { type Element, type Node, type Reading, read, type Tag } from "@client/markdown";
import { createElement, memo, type ReactNode, useRef } from "react";

/** Markdown as elements; of one that still grows only the last block is drawn again. */
export function Markdown({ text }: { readonly text: string }) {
  const reading = useRef<Reading>(undefined);
  reading.current = read(text, reading.current);
  // biome-ignore lint/suspicious/noArrayIndexKey: blocks only grow at the end
  return reading.current.blocks.map((block, index) => <Block key={index} of={block} />);
}

const Block = memo(function Block({ of }: { readonly of: Element }) {
  return shown(of, 0);
});

/** What an element is in HTML, and its look. */
const LOOK: Partial<Record<Tag, [string, string?]>> = {
  p: ["p", "whitespace-pre-line [&:not(:first-child)]:mt-2"],
  heading: ["p", "mt-2 font-semibold"],
  ul: ["ul", "list-disc ps-5"],
  ol: ["ol", "list-decimal ps-5"],
  pre: ["pre", "my-1 overflow-x-auto rounded-control bg-hover p-2 font-mono text-dense"],
  blockquote: ["blockquote", "border-control border-s-2 ps-2 text-text-2"],
  head: ["tr"],
  row: ["tr"],
  th: ["th", "border border-line px-2 py-1 text-start"],
  td: ["td", "border border-line px-2 py-1"],
  hr: ["hr", "my-2 border-line"],
  code: ["code", "rounded-tag bg-hover px-1 font-mono text-dense"],
};

function shown(node: Node, key: number): ReactNode {
  if (typeof node === "string") return node;
  const children = node.children.map(shown);
  switch (node.tag) {
    case "link":
      return (
        <a
          key={key}
          href={node.href}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="underline"
        >
          {children}
        </a>
      );
    case "image":
      return <img key={key} src={node.href} alt={node.children.join("")} className="max-h-60" />;
    case "mark":
      return node.children.join("");
    case "table":
      return (
        <div key={key} className="overflow-x-auto">
          <table className="my-1 text-dense">
            <thead>{children[0]}</thead>
            <tbody>{children.slice(1)}</tbody>
          </table>
        </div>
      );
    default: {
      const [tag, className] = LOOK[node.tag] ?? [node.tag];
      return createElement(tag, { key, className }, ...children);
    }
  }
}

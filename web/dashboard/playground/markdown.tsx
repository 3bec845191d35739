import { lexer, type Token, type Tokens } from "marked";
import { Fragment, memo, type ReactNode } from "react";

const SAFE = /^(https?:|mailto:|tel:)/i;

/** Markdown as elements: no HTML of the text is ever read as HTML, and links lead only where links may. */
export function Markdown({ text }: { readonly text: string }) {
  return lexer(text).map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: blocks only grow at the end
    <Block key={index} raw={token.raw} token={token} />
  ));
}

const Block = memo(
  function Block({ token }: { readonly token: Token; readonly raw: string }) {
    switch (token.type) {
      case "paragraph":
        return <p className="whitespace-pre-line [&:not(:first-child)]:mt-2">{inline(token.tokens)}</p>;
      case "heading":
        return <p className="mt-2 font-semibold">{inline(token.tokens)}</p>;
      case "list":
        return token.ordered ? (
          <ol className="list-decimal ps-5">{items(token as Tokens.List)}</ol>
        ) : (
          <ul className="list-disc ps-5">{items(token as Tokens.List)}</ul>
        );
      case "code":
        return (
          <pre className="my-1 overflow-x-auto rounded-control bg-hover p-2 font-mono text-dense">
            {token.text}
          </pre>
        );
      case "blockquote":
        return (
          <blockquote className="border-control border-s-2 ps-2 text-text-2">
            {(token.tokens ?? []).map((each, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: they only grow at the end
              <Block key={index} raw={each.raw} token={each} />
            ))}
          </blockquote>
        );
      case "table":
        return <Table token={token as Tokens.Table} />;
      case "hr":
        return <hr className="my-2 border-line" />;
      case "space":
        return null;
      default:
        return <p className="whitespace-pre-line">{token.raw}</p>;
    }
  },
  (before, after) => before.raw === after.raw,
);

function items(list: Tokens.List): ReactNode {
  return list.items.map((item, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: items only grow at the end
    <li key={index}>{item.tokens.map(part)}</li>
  ));
}

function part(token: Token, index: number): ReactNode {
  if (token.type === "text")
    return <Fragment key={index}>{inline((token as Tokens.Text).tokens ?? [token])}</Fragment>;
  return <Block key={index} raw={token.raw} token={token} />;
}

function Table({ token }: { readonly token: Tokens.Table }) {
  return (
    <div className="overflow-x-auto">
      <table className="my-1 text-dense">
        <thead>
          <tr>
            {token.header.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
              <th key={index} className="border border-line px-2 py-1 text-start">
                {inline(cell.tokens)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {token.rows.map((row, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows do not move
            <tr key={at}>
              {row.map((cell, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: columns do not move
                <td key={index} className="border border-line px-2 py-1">
                  {inline(cell.tokens)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inline(tokens: readonly Token[] | undefined): ReactNode {
  return (tokens ?? []).map((token, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: words only grow at the end
    <Fragment key={index}>{word(token)}</Fragment>
  ));
}

function word(token: Token): ReactNode {
  switch (token.type) {
    case "strong":
      return <strong>{inline(token.tokens)}</strong>;
    case "em":
      return <em>{inline(token.tokens)}</em>;
    case "del":
      return <del>{inline(token.tokens)}</del>;
    case "codespan":
      return <code className="rounded-tag bg-hover px-1 font-mono text-dense">{token.text}</code>;
    case "br":
      return <br />;
    case "link":
      return SAFE.test(token.href) ? (
        <a href={token.href} target="_blank" rel="noopener noreferrer nofollow" className="underline">
          {inline(token.tokens)}
        </a>
      ) : (
        token.text
      );
    case "image":
      return SAFE.test(token.href) ? (
        <img src={token.href} alt={token.text} className="max-h-60" />
      ) : (
        token.text
      );
    case "escape":
      return token.text;
    case "text":
      return token.tokens ? inline(token.tokens) : unescaped(token.raw);
    default:
      return token.raw;
  }
}

/** marked leaves escapes in raw text. */
function unescaped(text: string): string {
  return text.replace(/\\([\\`*_{}[\]()#+\-.!|<>~])/g, "$1");
}

import { describe, expect, it } from "vitest";
import { type Node, type Reading, read, ready } from "./markdown";

function words(nodes: readonly Node[]): string {
  return nodes.map(node => (typeof node === "string" ? node : words(node.children))).join("");
}

describe("read", () => {
  it("shows HTML as the text it is, and follows no link that runs something", () => {
    const { blocks } = read(
      "<img src=x onerror=alert(1)> [press](javascript:alert(1)) [go](https://a.example)",
    );
    const all = JSON.stringify(blocks);
    expect(words(blocks)).toContain("<img src=x onerror=alert(1)>");
    expect(all.match(/"href":"[^"]*"/g)).toEqual(['"href":"https://a.example"']);
  });

  it("takes out letters that turn others around", () => {
    expect(words(read("invoice\u202Egpj.exe").blocks)).toBe("invoicegpj.exe");
  });

  it("makes of numbers in brackets marks of sources", () => {
    expect(JSON.stringify(read("Twenty euros [2].").blocks)).toContain('"source":2');
  });

  it("reads the same piece by piece as at once", () => {
    const text =
      "# Prices\n\nA *tyre* is **20** euros.\n\n- one\n- two\n\n  more\n\n1. first\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n" +
      "```js\nlet a = 1;\n```\n\nSee [the list](https://a.example).\n\nThe end.";
    let reading: Reading | undefined;
    for (let end = 1; end <= text.length; end++) reading = read(text.slice(0, end), reading, true);
    reading = read(text, reading);
    expect(reading.blocks).toEqual(read(text).blocks);
    expect(reading.settled).toBeGreaterThan(3);
  });

  it("keeps what stands as it is, so that it is not drawn again", () => {
    const first = read("One.\n\nTwo.\n\nThree.\n\nFour.", undefined, true);
    const second = read("One.\n\nTwo.\n\nThree.\n\nFour. More.", first, true);
    expect(second.blocks[0]).toBe(first.blocks[0]);
  });

  it("shows a megabyte without reading all of it as markdown", () => {
    expect(words(read("[".repeat(1_000_000)).blocks)).toHaveLength(1_000_000);
  });
});

describe("ready", () => {
  it.each([
    ["See [the li", "See "],
    ["See [the list](https://a.exa", "See "],
    ["Text\n``", "Text\n"],
    ["Text\n```j", "Text\n"],
    ["Text\n| a | b |\n", "Text\n"],
    ["| a |\n|---|\n| 1 |\n| 2", "| a |\n|---|\n| 1 |\n"],
    ["It is **bol", "It is **bol**"],
  ])("holds back the end of %j", (text, shown) => expect(ready(text)).toBe(shown));
});

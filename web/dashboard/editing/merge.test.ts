import { describe, expect, it } from "vitest";
import { at, type Clash, difference, merge, type Operation, put } from "./merge";

const step = (id: string, text = id) => ({ id, type: "message", config: { text } });
const flow = (...steps: object[]) => ({ workflows: [{ id: "main", steps }] });

/** The operations done, as the server does them. */
function done(document: unknown, operations: Operation[]): unknown {
  const root = { root: structuredClone(document) } as Record<string, unknown>;
  for (const { op, path, value } of operations) {
    const parts = ["root", ...path.split("/").slice(1)].map(part =>
      part.replaceAll("~1", "/").replaceAll("~0", "~"),
    );
    const last = parts.pop() as string;
    // biome-ignore lint/suspicious/noExplicitAny: any JSON
    const parent = parts.reduce<any>((at, part) => at[part], root);
    if (Array.isArray(parent))
      parent.splice(Number(last), op === "add" ? 0 : 1, ...(op === "remove" ? [] : [value]));
    else if (op === "remove") delete parent[last];
    else parent[last] = value;
  }
  return root["root"];
}

describe("merge", () => {
  it("takes changes of different steps from both", () => {
    const base = flow(step("a"), step("b"));
    const merged = merge(base, flow(step("a", "mine"), step("b")), flow(step("a"), step("b", "theirs")));
    expect(merged).toEqual(flow(step("a", "mine"), step("b", "theirs")));
  });

  it("takes changes of different fields of one step from both", () => {
    const base = flow({ ...step("a"), position: { x: 0, y: 0 } });
    const mine = flow({ ...step("a"), position: { x: 8, y: 0 } });
    const theirs = flow({ ...step("a", "theirs"), position: { x: 0, y: 0 } });
    expect(merge(base, mine, theirs)).toEqual(flow({ ...step("a", "theirs"), position: { x: 8, y: 0 } }));
  });

  it("keeps mine of one value and tells both", () => {
    const clashes: Clash[] = [];
    const merged = merge(flow(step("a")), flow(step("a", "mine")), flow(step("a", "theirs")), clashes);
    expect(merged).toEqual(flow(step("a", "mine")));
    expect(clashes).toEqual([
      { path: ["workflows", "main", "steps", "a", "config", "text"], mine: "mine", theirs: "theirs" },
    ]);
  });

  it("keeps what both added, where each put it", () => {
    const base = flow(step("a"), step("b"));
    const merged = merge(
      base,
      flow(step("a"), step("mine"), step("b")),
      flow(step("a"), step("b"), step("theirs")),
    );
    expect(merged).toEqual(flow(step("a"), step("mine"), step("b"), step("theirs")));
  });

  it("keeps the items of both where each began the list, and takes one's own out of it again", () => {
    const noted = (...ids: string[]) => ({ steps: [step("a")], notes: ids.map(id => ({ id, text: id })) });
    const bare = { steps: [step("a")] };
    const clashes: Clash[] = [];
    expect(merge(bare, noted("mine"), noted("theirs"), clashes)).toEqual(noted("mine", "theirs"));
    expect(merge(noted("mine"), bare, noted("mine", "theirs"), clashes)).toEqual(noted("theirs"));
    expect(clashes).toEqual([]);
  });

  it("removes what either removed, but not what the other changed", () => {
    const base = flow(step("a"), step("b"), step("c"));
    expect(merge(base, flow(step("b"), step("c")), flow(step("a"), step("b")))).toEqual(flow(step("b")));
    expect(merge(base, flow(step("b"), step("c")), flow(step("a", "theirs"), step("b"), step("c")))).toEqual(
      flow(step("a", "theirs"), step("b"), step("c")),
    );
  });

  it("keeps the order that somebody gave", () => {
    const base = flow(step("a"), step("b"), step("c"));
    expect(
      merge(base, flow(step("c"), step("b"), step("a")), flow(step("a"), step("b"), step("c", "x"))),
    ).toEqual(flow(step("c", "x"), step("b"), step("a")));
  });

  it("undoes one's own change and leaves that of another in place", () => {
    const before = flow(step("a"), step("b"));
    const after = flow(step("a", "mine"), step("b"));
    const now = flow(step("a", "mine"), step("b", "theirs"), step("c"));
    expect(merge(after, before, now)).toEqual(flow(step("a"), step("b", "theirs"), step("c")));
  });
});

describe("a clash's path", () => {
  const now = flow(step("new"), step("a", "mine"));
  const path = ["workflows", "main", "steps", "a", "config", "text"];

  it("leads to the value wherever its step stands now", () => {
    expect(at(now, path)).toBe("mine");
    expect(put(now, path, "theirs")).toEqual(flow(step("new"), step("a", "theirs")));
  });

  it("changes nothing where the step is gone", () => {
    expect(put(flow(step("new")), path, "theirs")).toEqual(flow(step("new")));
  });
});

describe("difference", () => {
  const samples = [
    flow(),
    flow(step("a"), step("b")),
    flow(step("b"), step("a")),
    flow(step("new"), step("a", "other"), step("b")),
    flow(step("b")),
    { workflows: [], prompts: { "a/b~c": "x" }, list: [1, 2] },
    { workflows: [{ id: "main", steps: [step("a")], connections: [] }], list: [2] },
  ];
  it("makes any document of any other", () => {
    for (const before of samples) {
      for (const after of samples) expect(done(before, difference(before, after))).toEqual(after);
    }
  });

  it("is as small as what changed", () => {
    expect(difference(flow(step("a"), step("b")), flow(step("a"), step("b", "new")))).toEqual([
      { op: "replace", path: "/workflows/0/steps/1/config/text", value: "new" },
    ]);
    expect(difference(flow(step("a"), step("b")), flow(step("b")))).toEqual([
      { op: "remove", path: "/workflows/0/steps/0" },
    ]);
  });
});

it("tells both of an item that one removed and the other changed, and keeps the change", () => {
  const clashes: Clash[] = [];
  const merged = merge(
    flow(step("a"), step("b")),
    flow(step("a", "mine"), step("b")),
    flow(step("b")),
    clashes,
  );
  expect(merged).toEqual(flow(step("a", "mine"), step("b")));
  expect(clashes).toEqual([
    { path: ["workflows", "main", "steps", "a"], mine: step("a", "mine"), theirs: undefined },
  ]);
  expect(put(merged, clashes[0]?.path ?? [], undefined)).toEqual(flow(step("b")));
});

import { expect, test } from "vitest";
import { hidden, personalIn, withoutPersonal } from "./personal";

const turns = [
  {
    id: "turn",
    done: true,
    traces: [
      {
        id: "turn/0",
        type: "step",
        payload: {
          stepId: "ada",
          changed: {
            name: [null, "Ada"],
            whole: [null, { full: "Ada Lovelace", born: 1815 }],
            count: [1, 2],
          },
        },
      },
    ],
  },
];
const personal = personalIn(new Set(["name", "whole", "mail"]), turns, { mail: "a+b@example.com", count: 2 });

test("personal values are hidden wherever they stand, in words of their own", () => {
  expect(hidden("Hello Ada, not Adam: a+b@example.com", personal)).toBe("Hello ••••••, not Adam: ••••••");
  expect(hidden({ to: ["Ada Lovelace"], year: 1815, count: 2 }, personal)).toEqual({
    to: ["••••••"],
    year: "••••••",
    count: 2,
  });
});

test("what holds nothing personal is the same as before, and so is what names a step", () => {
  const row = { id: "r", kind: "step", depth: 0, at: 0, ms: 1, trace: turns[0]?.traces[0] } as const;
  const safe = withoutPersonal(row, personal);
  expect(safe.trace?.payload["stepId"]).toBe("ada");
  expect(safe.trace?.payload["changed"]).toEqual({
    name: [null, "••••••"],
    whole: [null, { full: "••••••", born: "••••••" }],
    count: [1, 2],
  });
  const plain = { ...row, trace: { id: "t", type: "text", payload: { message: "Hi" } } };
  expect(withoutPersonal(plain, personal)).toBe(plain);
  expect(personalIn(new Set(["none"]), turns)).toBeUndefined();
});

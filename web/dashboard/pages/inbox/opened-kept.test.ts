import type { Entry } from "@dashboard/data/inbox";
import { renderHook } from "@testing-library/react";
import { expect, test } from "vitest";
import { useOpenedKept } from "./opened-kept";

const entry = (userId: string, status = "waiting") => ({ userId, status }) as Entry;
const [ana, bo, cy] = [entry("ana"), entry("bo"), entry("cy")];

const shown = (listed: readonly Entry[], opened: Entry | undefined, queue = "waiting") => ({
  listed,
  opened,
  queue,
});
const hook = (first: ReturnType<typeof shown>) =>
  renderHook(({ listed, opened, queue }) => useOpenedKept(listed, opened, queue), { initialProps: first });

test("a conversation that is answered stays in its place while it is open", () => {
  const { result, rerender } = hook(shown([ana, bo, cy], bo));
  const taken = entry("bo", "taken");
  rerender(shown([ana, cy], taken));
  expect(result.current).toEqual([ana, taken, cy]);
  rerender(shown([ana, cy], cy));
  expect(result.current).toEqual([ana, cy]);
});

test("one that is resolved, or given back, is done with", () => {
  const { result, rerender } = hook(shown([ana, bo], bo));
  for (const status of ["resolved", "returned"]) {
    rerender(shown([ana], entry("bo", status)));
    expect(result.current).toEqual([ana]);
  }
});

test("another queue has only what is in it", () => {
  const { result, rerender } = hook(shown([bo], bo));
  rerender(shown([ana], bo, "resolved"));
  expect(result.current).toEqual([ana]);
});

test("what was opened from elsewhere is in no list", () => {
  expect(hook(shown([ana], bo)).result.current).toEqual([ana]);
});

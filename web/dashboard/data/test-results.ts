import type { Schema } from "@client/api";
import { equal } from "@dashboard/editing/merge";
import { useMemo } from "react";
import { create } from "zustand";

type Test = Schema<"Test">;

/** What a test came to, and the test as it was then. */
export interface Ran {
  readonly result: Schema<"TestResult">;
  readonly of: Test;
}

type All = ReadonlyMap<string, Ran>;

/** What the tests of each project came to last on each of its versions; this page alone knows. */
const useResults = create<Readonly<Record<string, All>>>(() => ({}));
const NONE: All = new Map();
const keyOf = (projectId: string, versionId: string) => `${projectId} ${versionId}`;

export function useRan(projectId: string, versionId: string): All {
  return useResults(state => state[keyOf(projectId, versionId)] ?? NONE);
}

export function keepRan(
  projectId: string,
  versionId: string,
  ran: readonly (readonly [string, Ran])[],
): void {
  const key = keyOf(projectId, versionId);
  useResults.setState(now => ({ [key]: new Map([...(now[key] ?? NONE), ...ran]) }));
}

/** The tests that are red on the draft, by the step of the workflow at which each first was not as expected. */
export function useRedTests(
  projectId: string,
  workflowId: string,
  tests: readonly Test[],
): ReadonlyMap<string, readonly Test[]> {
  const ran = useRan(projectId, "development");
  return useMemo(() => {
    const found = new Map<string, readonly Test[]>();
    for (const test of tests) {
      const { result, of } = ran.get(test.id) ?? {};
      if (!result || result.ok || !result.stepId || result.workflowId !== workflowId) continue;
      // Of a test that was edited since, nobody knows.
      if (of === test || equal(of, test))
        found.set(result.stepId, [...(found.get(result.stepId) ?? []), test]);
    }
    return found;
  }, [ran, workflowId, tests]);
}

import type { Schema } from "@client/api";
import { useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { useRedTests } from "../data/test-results";

/** The tests that are red at steps of the workflow, and the way to the first of a step's. */
export function useOpenTests(projectId: string, workflowId: string, tests: readonly Schema<"Test">[]) {
  const redTests = useRedTests(projectId, workflowId, tests);
  const navigate = useNavigate();
  const openTest = useCallback(
    (stepId: string) => {
      const item = redTests.get(stepId)?.[0]?.id;
      void navigate({ to: "/p/$projectId/test", params: { projectId }, search: { view: "tests", item } });
    },
    [navigate, projectId, redTests],
  );
  return { redTests, openTest };
}

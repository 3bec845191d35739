import { Switch } from "@ui/choice";
import { Field } from "@ui/field";
import { t } from "@ui/words";
import { useMemo } from "react";
import type { StepType } from "../data/schema";
import { JsonInput } from "../form/json-input";
import { pin, useMocks } from "../playground/mocks";

/** Whether steps of a type ask a model or something outside, which a pinned result can stand in for. */
export function canMock(type: StepType | undefined): boolean {
  const { fixed } = type?.ports ?? {};
  return (
    (type?.family === "ai" || type?.family === "data") && Array.isArray(fixed) && fixed.includes("error")
  );
}

/** A result that stands in for a step's call whenever the draft is tried here: tests then cost and change nothing. */
export function Mock({ projectId, mockKey }: { readonly projectId: string; readonly mockKey: string }) {
  const mocks = useMocks(projectId);
  const pinned = mockKey in mocks;
  return (
    <div className="flex flex-col gap-2 border-line border-t pt-4">
      <Switch
        label={t("Mock")}
        hint={t("When you test the draft in this browser, the result below stands in for the call.")}
        checked={pinned}
        onChange={is => pin(projectId, mockKey, is ? {} : undefined)}
      />
      {pinned && (
        <Field
          label={t("Result")}
          hint={t("Of an API call {status, headers, body}; of a model its text or JSON.")}
        >
          <JsonInput value={mocks[mockKey]} onChange={value => pin(projectId, mockKey, value ?? {})} />
        </Field>
      )}
    </div>
  );
}

/** The steps of a workflow whose calls pinned results stand in for. */
export function useMocked(projectId: string, workflowId: string): ReadonlySet<string> {
  const mocks = useMocks(projectId);
  return useMemo(() => {
    const own = Object.keys(mocks).filter(each => each.startsWith(`${workflowId}/`));
    return new Set(own.map(each => each.slice(workflowId.length + 1)));
  }, [mocks, workflowId]);
}

import type { StepType } from "../data/schema";
import { nameOf, type Step, summaryOf, type Workflow } from "../editing/flow";
import { Picker } from "./picker";

export interface ConnectStepProps {
  readonly step: Step;
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly onChoose: (target: string) => void;
  readonly onClose: () => void;
}

/** Where a step's first free way out shall lead, found by typing. */
export function ConnectStep({ step, workflow, types, onChoose, onClose }: ConnectStepProps) {
  return (
    <Picker
      title={`Connect ${nameOf(step)}`}
      placeholder="Where to: a step's name"
      choices={workflow.steps
        .filter(each => each.type !== "start")
        .map(each => ({ id: each.id, label: nameOf(each), hint: summaryOf(each, types.get(each.type)) }))}
      onClose={onClose}
      onChoose={onChoose}
    />
  );
}

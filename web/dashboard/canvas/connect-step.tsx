import { t } from "@ui/words";
import type { StepType } from "../data/schema";
import { nameOf, type Step, summaryOf, type Workflow } from "../editing/flow";
import { refusal } from "../editing/refusing";
import { Picker } from "./picker";

export interface ConnectStepProps {
  readonly step: Step;
  /** The way out that shall lead somewhere. */
  readonly port: string;
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly onChoose: (target: string) => void;
  readonly onClose: () => void;
}

/** Where a step's first free way out shall lead, found by typing; what it cannot lead to says why, last. */
export function ConnectStep({ step, port, workflow, types, onChoose, onClose }: ConnectStepProps) {
  const choices = workflow.steps.map(each => ({
    id: each.id,
    label: nameOf(each),
    hint: summaryOf(each, types.get(each.type)),
    refused: refusal(workflow, types, { stepId: step.id, port }, each.id),
  }));
  const last = (each: { refused: string | undefined }) => (each.refused === undefined ? 0 : 1);
  return (
    <Picker
      title={t("Connect %{step}", { step: nameOf(step) })}
      placeholder={t("Where to: a step's name")}
      choices={choices.sort((one, other) => last(one) - last(other))}
      onClose={onClose}
      onChoose={onChoose}
    />
  );
}

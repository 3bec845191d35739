import { useCommands } from "@dashboard/commands";
import { t } from "@ui/words";
import { type CanvasTools, canvasCommands } from "./canvas-commands";

export interface MoreCommands {
  /** `undefined`: it is open, and its keys are the browser's own. */
  readonly onFind: (() => void) | undefined;
  readonly hasFunnel: boolean;
  readonly onFunnel: () => void;
}

/** Offers all that can be done on the canvas by keys and by the command menu; answers with what its own keys do. */
export function useFlowCommands(tools: CanvasTools, { onFind, hasFunnel, onFunnel }: MoreCommands) {
  const commands = canvasCommands(tools);
  const group = t("Canvas");
  const funnel = hasFunnel ? t("Hide where people stay") : t("Show where people stay");
  useCommands([
    ...commands,
    ...(onFind ? [{ id: "find-step", label: t("Find step"), group, keys: "mod+f", run: onFind }] : []),
    { id: "funnel", label: funnel, group, run: onFunnel },
  ]);
  return commands;
}

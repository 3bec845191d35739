import { expect, test } from "vitest";
import { portsOf, type Step, type StepType } from "./flow";

const condition = { ports: { from: ["rules"], fixed: ["else"] } } as unknown as StepType;

test("a way is called by its label, else by an id that somebody wrote, else by its number", () => {
  const rules = [{ id: "port_ab12cd34", label: "Adult" }, { id: "minor" }, { id: "port_ef56gh78" }];
  const step = { id: "s", type: "condition", config: { rules } } as unknown as Step;
  expect(portsOf(step, condition).map(port => port.label)).toEqual(["Adult", "minor", "Way 3", "Else"]);
});

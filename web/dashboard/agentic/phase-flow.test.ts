import { expect, test } from "vitest";
import type { Phase } from "./harness";
import {
  connected,
  disconnected,
  drawn,
  followed,
  NEW_EXIT,
  nearest,
  openPort,
  refusalOf,
} from "./phase-flow";

const PHASES: readonly Phase[] = [
  {
    id: "greet",
    name: "Greet",
    exit: [
      { description: "They said why", to: "help" },
      { expression: "done", to: "" },
    ],
  },
  { id: "help", exit: [{ description: "They are done", to: "gone" }] },
];
const exitsOf = (phases: readonly Phase[], id: string) => phases.find(each => each.id === id)?.exit;

test("a phase is a card, and an exit that leads to a phase a connection; nothing else is drawn", () => {
  const workflow = drawn(PHASES, { greet: { x: 8, y: 16 } });
  expect(workflow.steps?.map(each => [each.id, each.name, each.position])).toEqual([
    ["greet", "Greet", { x: 8, y: 16 }],
    ["help", "help", { x: 0, y: 0 }],
  ]);
  expect(workflow.connections).toEqual([
    { id: "0 greet", source: "greet", sourcePort: "exit-0", target: "help" },
  ]);
  expect(openPort(workflow, PHASES[0] as Phase)).toBe("exit-1");
  expect(refusalOf(workflow, undefined, { stepId: "greet", port: "exit-1" }, "greet")).toBeDefined();
  expect(refusalOf(workflow, undefined, { stepId: "greet", port: "exit-0" }, "help")).toBeDefined();
  expect(refusalOf(workflow, undefined, { stepId: "greet", port: "exit-1" }, "help")).toBeUndefined();
});

test("an exit is made, led elsewhere, moved to another phase with its words, and removed", () => {
  const made = connected(PHASES, "help", NEW_EXIT, "greet");
  expect(exitsOf(made, "help")?.[1]).toEqual({ description: "", to: "greet" });
  const led = connected(PHASES, "greet", "exit-1", "help");
  expect(exitsOf(led, "greet")?.[1]).toEqual({ expression: "done", to: "help" });
  const turned = connected(PHASES, "greet", "exit-0", "greet", "0 greet");
  expect(exitsOf(turned, "greet")).toHaveLength(2);
  const moved = connected(PHASES, "help", NEW_EXIT, "greet", "0 greet");
  expect(exitsOf(moved, "greet")).toEqual([{ expression: "done", to: "" }]);
  expect(exitsOf(moved, "help")?.[1]).toEqual({ description: "They said why", to: "greet" });
  expect(exitsOf(disconnected(PHASES, "0 greet"), "greet")).toEqual([{ expression: "done", to: "" }]);
  const grown = followed(PHASES, "greet", "exit-1");
  expect(exitsOf(grown.phases, "greet")?.[1]).toEqual({ expression: "done", to: grown.id });
  expect(grown.phases).toHaveLength(3);
});

test("arrows lead to the card that is nearest in their direction", () => {
  const workflow = drawn([...PHASES, { id: "end" }], {
    greet: { x: 0, y: 0 },
    help: { x: 336, y: 100 },
    end: { x: 336, y: 300 },
  });
  expect(nearest(workflow, "greet", 1, 0)).toBe("help");
  expect(nearest(workflow, "help", 0, 1)).toBe("end");
  expect(nearest(workflow, "help", 1, 0)).toBeUndefined();
});

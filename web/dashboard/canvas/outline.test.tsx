import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { learnTitles } from "../data/titles";
import type { Step, Workflow } from "../editing/flow";
import { Outline } from "./outline";

const step = (id: string, type: string, name: string | null = null): Step =>
  ({ id, type, name, config: {}, position: { x: 0, y: 0 } }) as Step;
const connection = (sourcePort: string, target: string) => ({
  id: `to-${target}`,
  source: "ask",
  sourcePort,
  target,
});
const workflow = {
  id: "main",
  name: "Main",
  steps: [step("ask", "start"), step("answer", "kb-search"), step("end", "end")],
  connections: [connection("noMatch", "answer"), connection("yes", "end")],
} as unknown as Workflow;

test("ways are called as they are on the canvas, steps as the server calls them", () => {
  const steps = [{ type: "kb-search", title: "Search knowledge" }];
  learnTitles({ steps, tools: [], connectors: [], channels: [], targets: [] } as never);
  render(<Outline workflow={workflow} types={new Map()} selected={new Set()} onSelect={() => undefined} />);
  const rows = screen.getAllByRole("button").map(each => each.textContent);
  expect(rows).toEqual(["Start", "Anything else → Search knowledge", "yes → End"]);
});

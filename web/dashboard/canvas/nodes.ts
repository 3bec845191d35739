import { type Edge, useReactFlow } from "@xyflow/react";
import { useCallback, useMemo, useRef } from "react";
import type { Connection, Problem } from "../editing/flow";
import type { CanvasProps } from "./canvas";
import { shapeOf, WIDTH } from "./geometry";
import type { CardNode } from "./step-card";

/** The steps as xyflow wants them; a step that did not change keeps its node. */
export function useNodes(
  {
    workflow,
    types,
    problems,
    selected,
    visited,
    threads,
    mocked = NO_STEPS,
    redTests,
    found,
    onComment,
    onTest,
    onLoose,
  }: CanvasProps,
  refused: ReadonlyMap<string, string> | undefined,
): CardNode[] {
  const flow = useReactFlow();
  const add = useCallback(
    (stepId: string, port: string, at: { x: number; y: number }) =>
      onLoose({ stepId, port, at, position: flow.screenToFlowPosition({ x: at.x + 80, y: at.y - 16 }) }),
    [flow, onLoose],
  );
  const before = useRef(new Map<string, { key: readonly unknown[]; node: CardNode }>());
  return useMemo(() => {
    const connected = portsBySource(workflow.connections);
    const worst = worstByStep(problems, workflow.id);
    const talked = new Map<string, number>();
    for (const { stepId } of threads) if (stepId) talked.set(stepId, (talked.get(stepId) ?? 0) + 1);
    const now = new Map<string, { key: readonly unknown[]; node: CardNode }>();
    for (const step of workflow.steps) {
      const ports = connected.get(step.id) ?? NONE;
      const isSelected = selected.has(step.id);
      const key = [
        step,
        types.get(step.type),
        ports.join("\n"),
        worst.get(step.id),
        visited.has(step.id),
        isSelected,
        talked.get(step.id),
        mocked.has(step.id),
        redTests?.get(step.id)?.length ?? 0,
        found !== undefined && !found.has(step.id),
        refused?.get(step.id),
        onComment,
        onTest,
        add,
      ];
      const known = before.current.get(step.id);
      if (known?.key.every((each, index) => each === key[index])) {
        now.set(step.id, known);
        continue;
      }
      const type = types.get(step.type);
      const shape = shapeOf(step, type, ports);
      const data = {
        step,
        type,
        shape,
        connected: ports,
        problem: worst.get(step.id),
        visited: visited.has(step.id),
        comments: talked.get(step.id) ?? 0,
        redTests: redTests?.get(step.id)?.length ?? 0,
        mocked: mocked.has(step.id),
        dimmed: found !== undefined && !found.has(step.id),
        refused: refused?.get(step.id),
        onComment,
        onTest,
        onAdd: add,
      };
      now.set(step.id, {
        key,
        node: {
          id: step.id,
          type: "step",
          position: step.position,
          data,
          selected: isSelected,
          width: WIDTH,
          height: shape.height,
          measured: { width: WIDTH, height: shape.height },
          handles: shape.handles,
        },
      });
    }
    before.current = now;
    return [...now.values()].map(each => each.node);
  }, [
    workflow,
    types,
    problems,
    selected,
    visited,
    threads,
    mocked,
    redTests,
    found,
    refused,
    onComment,
    onTest,
    add,
  ]);
}

const NONE: readonly string[] = [];
const NO_STEPS: ReadonlySet<string> = new Set();

/** The connections that are drawn one by one: all, or from afar those of what is chosen. */
export function useEdges(
  { workflow, selected, selectedConnection, visited, marks, readOnly }: CanvasProps,
  far: boolean,
): Edge[] {
  return useMemo(
    () =>
      workflow.connections
        .filter(
          each =>
            !far ||
            each.id === selectedConnection ||
            visited.has(each.id) ||
            marks?.has(each.id) ||
            selected.has(each.source) ||
            selected.has(each.target),
        )
        .map(each => ({
          id: each.id,
          source: each.source,
          sourceHandle: each.sourcePort,
          target: each.target,
          selected: each.id === selectedConnection,
          reconnectable: !far && !readOnly,
          interactionWidth: far ? 0 : 24,
          className: visited.has(each.id) ? "visited" : marks?.get(each.id),
        })),
    [workflow.connections, selected, selectedConnection, visited, marks, far, readOnly],
  );
}

function portsBySource(connections: readonly Connection[]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { source, sourcePort } of connections) {
    found.set(source, [...(found.get(source) ?? []), sourcePort]);
  }
  return found;
}

function worstByStep(problems: readonly Problem[], workflowId: string): Map<string, "error" | "warning"> {
  const worst = new Map<string, "error" | "warning">();
  for (const { stepId, workflowId: at, severity } of problems) {
    if (stepId && (at ?? workflowId) === workflowId && worst.get(stepId) !== "error")
      worst.set(stepId, severity);
  }
  return worst;
}

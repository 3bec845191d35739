import {
  BaseEdge,
  type EdgeProps,
  type GetBezierPathParams,
  getBezierPath,
  getSmoothStepPath,
  Position,
  useInternalNode,
} from "@xyflow/react";
import { memo } from "react";

type Ends = Pick<GetBezierPathParams, "sourceX" | "sourceY" | "targetX" | "targetY">;

const SIDES = { sourcePosition: Position.Right, targetPosition: Position.Left } as const;
const BENEATH = 20;

/** The line of a connection: a curve onward, and back a way beneath `bottom`, where the lower of its cards ends. */
export function pathOf(ends: Ends, bottom: () => number): string {
  if (ends.targetX >= ends.sourceX) return getBezierPath({ ...ends, ...SIDES })[0];
  return getSmoothStepPath({ ...ends, ...SIDES, borderRadius: 12, centerY: bottom() + BENEATH })[0];
}

/** A connection between two cards. */
export const Connection = memo(function Connection(props: EdgeProps) {
  if (props.targetX < props.sourceX) return <Back {...props} />;
  return <BaseEdge path={pathOf(props, () => 0)} interactionWidth={props.interactionWidth} />;
});

function Back(props: EdgeProps) {
  const cards = [useInternalNode(props.source), useInternalNode(props.target)];
  const bottoms = cards.map(card =>
    card ? card.internals.positionAbsolute.y + (card.measured.height ?? 0) : 0,
  );
  return (
    <BaseEdge path={pathOf(props, () => Math.max(...bottoms))} interactionWidth={props.interactionWidth} />
  );
}

import { cx } from "@ui/cx";
import { Icon } from "@ui/icon";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { Handle, type Node, type NodeProps, Position } from "@xyflow/react";
import { CircleAlert, FlaskConical, type LucideIcon, MessageSquare, Plus, TriangleAlert } from "lucide-react";
import { memo, use } from "react";
import type { StepType } from "../data/schema";
import type { Step } from "../editing/flow";
import { nameOf, titleOf } from "../editing/flow";
import { familyOf } from "./family";
import { Far } from "./far";
import { type CardShape, WIDTH } from "./geometry";

export interface CardData extends Record<string, unknown> {
  readonly step: Step;
  readonly type: StepType | undefined;
  readonly shape: CardShape;
  /** The ports that lead somewhere. */
  readonly connected: readonly string[];
  readonly problem: "error" | "warning" | undefined;
  /** It spoke in the turn that is shown. */
  readonly visited: boolean;
  /** Threads that are open on it. */
  readonly comments: number;
  /** Conversation tests that were first not as expected at it. */
  readonly redTests: number;
  /** A pinned result stands in for its call. */
  readonly mocked: boolean;
  /** Something else was looked for. */
  readonly dimmed: boolean;
  /** Why the way out that is held cannot lead here. */
  readonly refused: string | undefined;
  readonly onComment: (stepId: string) => void;
  readonly onTest: ((stepId: string) => void) | undefined;
  readonly onAdd: (stepId: string, port: string, at: { x: number; y: number }) => void;
}

export type CardNode = Node<CardData, "step">;

/** A step on the canvas: what it is, what it says, and its ways out with the place where each is connected. */
export const StepCard = memo(function StepCard({ data, selected, dragging }: NodeProps<CardNode>) {
  const far = use(Far);
  const { step, type, problem, visited, shape } = data;
  const family = familyOf(type?.family);
  const className = cx(
    "rounded-card border bg-surface text-start text-dense",
    selected ? "border-focus outline-2 outline-focus" : visited ? "border-ok" : "border-control",
    dragging && "shadow-popover",
    (data.dimmed || data.refused !== undefined) && "opacity-35",
  );
  const size = { width: WIDTH, height: shape.height };
  if (far) {
    return (
      <div style={size} className={cx(className, "flex items-center gap-2 px-2")}>
        <Icon of={family.icon} className={cx("size-8 shrink-0 rounded-tag p-1", family.className)} />
        <span className="min-w-0 flex-1 truncate font-semibold text-title" dir="auto">
          {nameOf(step)}
        </span>
        {problem && <ProblemSign problem={problem} />}
      </div>
    );
  }
  return (
    <>
      {data.refused !== undefined && (
        <p className="absolute start-0 bottom-full mb-1 w-full rounded-tag bg-bad-soft px-1.5 text-bad text-caption">
          {data.refused}
        </p>
      )}
      <div style={size} className={className}>
        {step.type !== "start" && (
          <Handle type="target" position={Position.Left} className="target" isConnectableStart={false} />
        )}
        <div className="flex h-9 items-center gap-2 px-2">
          <Icon of={family.icon} className={cx("size-6 shrink-0 rounded-tag p-1", family.className)} />
          <span className="min-w-0 flex-1 truncate font-semibold" dir="auto">
            {nameOf(step)}
          </span>
          {step.name && <span className="truncate text-caption text-text-3">{titleOf(step.type)}</span>}
          {data.mocked && (
            <span className="rounded-tag bg-info-soft px-1 text-caption text-info">{t("mock")}</span>
          )}
          {data.comments > 0 && (
            <Badge
              icon={MessageSquare}
              count={data.comments}
              label={t("%{comments} on %{step}", {
                comments: counted(data.comments, "open thread"),
                step: nameOf(step),
              })}
              className="text-info"
              onPress={() => data.onComment(step.id)}
            />
          )}
          {data.redTests > 0 && (
            <Badge
              icon={FlaskConical}
              count={data.redTests}
              label={t("%{tests} not as expected at %{step}", {
                tests: counted(data.redTests, "test"),
                step: nameOf(step),
              })}
              className="text-bad"
              onPress={() => data.onTest?.(step.id)}
            />
          )}
          {problem && <ProblemSign problem={problem} />}
        </div>
        {shape.lines > 0 && (
          <p
            className={cx(
              "whitespace-pre-line border-line border-t px-2.5 py-1.5 text-text-2",
              shape.lines === 1 ? "line-clamp-1 h-[33px]" : "line-clamp-2 h-[53px]",
            )}
            dir="auto"
          >
            {shape.summary}
          </p>
        )}
        {shape.ports.length > 0 && (
          <ul className="border-line border-t py-1">
            {shape.ports.map(port => (
              <li key={port.id} className="relative flex h-6 items-center justify-end gap-1 ps-2.5 pe-3">
                <span
                  dir="auto"
                  className={cx(
                    "truncate",
                    port.own ? "me-auto rounded-tag bg-sunken px-1.5" : "text-text-3",
                  )}
                >
                  {port.label}
                </span>
                {!data.connected.includes(port.id) && (
                  <button
                    type="button"
                    tabIndex={-1}
                    aria-label={t("Add what follows %{label}", { label: port.label })}
                    className="nodrag flex size-6 items-center justify-center rounded-control text-text-3 opacity-0 hover:bg-hover hover:text-text focus-visible:opacity-100 [.react-flow\_\_node:hover_&]:opacity-100"
                    onClick={event => {
                      event.stopPropagation();
                      data.onAdd(step.id, port.id, { x: event.clientX, y: event.clientY });
                    }}
                  >
                    <Icon of={Plus} />
                  </button>
                )}
                <Handle
                  type="source"
                  id={port.id}
                  position={Position.Right}
                  className="port"
                  isConnectableEnd={false}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </>
  );
});

interface BadgeProps {
  readonly icon: LucideIcon;
  readonly count: number;
  readonly label: string;
  readonly className: string;
  readonly onPress: () => void;
}

/** How many of something there are at a step, and the way to them. */
function Badge({ icon, count, label, className, onPress }: BadgeProps) {
  return (
    <button
      type="button"
      tabIndex={-1}
      aria-label={label}
      className={cx(
        "nodrag flex h-6 min-w-6 items-center justify-center gap-0.5 rounded-control text-caption hover:bg-hover",
        className,
      )}
      onClick={event => {
        event.stopPropagation();
        onPress();
      }}
    >
      <Icon of={icon} className="size-3.5" />
      {count}
    </button>
  );
}

function ProblemSign({ problem }: { readonly problem: "error" | "warning" }) {
  return (
    <Icon
      of={problem === "error" ? CircleAlert : TriangleAlert}
      className={problem === "error" ? "text-bad" : "text-warn"}
    />
  );
}

import type { Person } from "@dashboard/data/events";
import { cx } from "@ui/cx";
import { ViewportPortal } from "@xyflow/react";
import type { BoardNode } from "./note-nodes";
import { colourOf } from "./people";

export interface OthersProps {
  readonly people: readonly Person[];
  readonly workflowId: string;
  readonly nodes: readonly BoardNode[];
  readonly zoom: number;
}

/** The pointers of the others, and what each has open. */
export function Others({ people, workflowId, nodes, zoom }: OthersProps) {
  const here = people.filter(each => each.workflowId === workflowId);
  if (here.length === 0) return null;
  const size = { transform: `scale(${1 / zoom})` };
  return (
    <ViewportPortal>
      {here.map(person => {
        const step = nodes.find(each => each.id === person.stepId);
        const colour = colourOf(person);
        return (
          <div key={person.clientId} aria-hidden="true" className="pointer-events-none">
            {step && (
              <div
                className={cx("absolute rounded-card border-2 bg-transparent!", colour)}
                style={{
                  width: (step.width ?? 0) + 8,
                  height: (step.height ?? 0) + 8,
                  transform: `translate(${step.position.x - 4}px, ${step.position.y - 4}px)`,
                }}
              >
                <span
                  className={cx(
                    "absolute start-0 bottom-full origin-bottom-left rounded-tag px-1 text-caption",
                    colour,
                  )}
                  style={size}
                >
                  {person.memberName}
                </span>
              </div>
            )}
            {person.cursor && (
              <div
                className="absolute z-10 transition-transform duration-200"
                style={{ transform: `translate(${person.cursor.x}px, ${person.cursor.y}px)` }}
              >
                <div className="flex origin-top-left flex-col items-start" style={size}>
                  <svg
                    aria-hidden="true"
                    width="16"
                    height="16"
                    viewBox="0 0 16 16"
                    className={cx(colour, "bg-transparent!")}
                  >
                    <path d="M1 1l5 13 2-6 6-2z" fill="currentColor" stroke="var(--surface)" />
                  </svg>
                  {!step && (
                    <span className={cx("ms-3 rounded-tag px-1 text-caption", colour)}>
                      {person.memberName}
                    </span>
                  )}
                </div>
              </div>
            )}
          </div>
        );
      })}
    </ViewportPortal>
  );
}

import { chordOf } from "@dashboard/commands";
import { IconButton } from "@ui/button";
import { cx } from "@ui/cx";
import { t } from "@ui/words";
import { ArrowDown, ArrowUp, Spline } from "lucide-react";
import { type KeyboardEvent, useEffect, useMemo, useRef } from "react";
import type { StepType } from "../data/schema";
import { nameOf, portsOf, type Step, summaryOf, titleOf, type Workflow } from "../editing/flow";
import { kindOf, notesOf, titleOfNote } from "../editing/notes";

export interface OutlineProps {
  readonly workflow: Workflow;
  readonly types: ReadonlyMap<string, StepType>;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (id: string) => void;
  /** Leads the chosen step's way out to another; left out: nothing is edited. */
  readonly onConnect?: (() => void) | undefined;
  /** Moves a step along its way. */
  readonly onReorder?: ((id: string, way: "earlier" | "later") => void) | undefined;
}

/** The steps in the order in which they are walked, and the notes: the canvas for those who read or listen. */
export function Outline(props: OutlineProps) {
  const { workflow, types, selected, onSelect, onConnect, onReorder } = props;
  const rows = useMemo(() => walked(workflow, types), [workflow, types]);
  const list = useRef<HTMLDivElement>(null);
  const notes = notesOf(workflow);
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows grow once their types are known
  useEffect(() => {
    if (selected.size !== 1) return;
    list.current?.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  }, [selected, types]);
  const press = (event: KeyboardEvent, id: string) => {
    const chord = chordOf(event.nativeEvent) ?? "";
    const by = { arrowdown: 1, arrowup: -1 }[chord];
    if (by) {
      const buttons = [...(list.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
      buttons[buttons.indexOf(event.currentTarget as HTMLElement) + by]?.focus();
    } else if (!workflow.steps.some(each => each.id === id)) return;
    else if (chord === "shift+arrowup") onReorder?.(id, "earlier");
    else if (chord === "shift+arrowdown") onReorder?.(id, "later");
    else if (chord === "c" && onConnect) {
      onSelect(id);
      onConnect();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div ref={list} className="flex flex-col gap-2 p-2">
      <ol
        aria-label={t("Steps of %{value}", { value: workflow.name || workflow.id })}
        className="flex flex-col"
      >
        {rows.map(({ step, depth, port }) => (
          <li key={step.id} style={{ paddingInlineStart: Math.min(depth, 8) * 12 }}>
            <RowButton
              by={port}
              name={nameOf(step)}
              kind={step.name ? titleOf(step.type) : undefined}
              text={summaryOf(step, types.get(step.type))}
              selected={selected.has(step.id)}
              onKeyDown={event => press(event, step.id)}
              onSelect={() => onSelect(step.id)}
            />
            {onReorder && selected.size === 1 && selected.has(step.id) && (
              <span className="flex justify-end gap-1">
                <IconButton
                  dense
                  icon={ArrowUp}
                  label={t("Move %{step} earlier", { step: nameOf(step) })}
                  shortcut="shift+arrowup"
                  onClick={() => onReorder(step.id, "earlier")}
                />
                <IconButton
                  dense
                  icon={ArrowDown}
                  label={t("Move %{step} later", { step: nameOf(step) })}
                  shortcut="shift+arrowdown"
                  onClick={() => onReorder(step.id, "later")}
                />
                <IconButton
                  dense
                  icon={Spline}
                  label={t("Connect %{step}", { step: nameOf(step) })}
                  shortcut="c"
                  onClick={onConnect}
                />
              </span>
            )}
          </li>
        ))}
      </ol>
      {notes.length > 0 && (
        <ul
          aria-label={t("Notes of %{value}", { value: workflow.name || workflow.id })}
          className="flex flex-col border-line border-t pt-2"
        >
          {notes.map(note => (
            <li key={note.id}>
              <RowButton
                name={titleOfNote(note)}
                kind={note.text ? kindOf(note.kind) : undefined}
                text=""
                selected={selected.has(note.id)}
                onKeyDown={event => press(event, note.id)}
                onSelect={() => onSelect(note.id)}
              />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

interface RowButtonProps {
  /** The way that leads to it. */
  readonly by?: string | undefined;
  readonly name: string;
  readonly kind: string | undefined;
  readonly text: string;
  readonly selected: boolean;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onSelect: () => void;
}

function RowButton({ by, name, kind, text, selected, onKeyDown, onSelect }: RowButtonProps) {
  return (
    <button
      type="button"
      data-row
      onKeyDown={onKeyDown}
      aria-current={selected ? "true" : undefined}
      onClick={onSelect}
      className={cx(
        "flex min-h-8 w-full flex-col justify-center rounded-control px-2 py-1 text-start text-dense hover:bg-hover",
        selected && "bg-accent-soft text-accent-text",
      )}
    >
      <span className="w-full truncate" dir="auto">
        {by && <span className="text-text-3">{by} → </span>}
        <span className="font-medium">{name}</span>
        {kind && <span className="text-text-3"> {kind}</span>}
      </span>
      {text && (
        <span className="w-full truncate text-caption text-text-2" dir="auto">
          {text}
        </span>
      )}
    </button>
  );
}

interface Row {
  readonly step: Step;
  readonly depth: number;
  readonly port: string | undefined;
}

/** Depth first from the start; what nothing leads to comes last. */
function walked(workflow: Workflow, types: OutlineProps["types"]): Row[] {
  const steps = new Map(workflow.steps.map(each => [each.id, each]));
  const seen = new Set<string>();
  const rows: Row[] = [];
  const visit = (first: string, depth: number, by: string | undefined) => {
    const waiting = [{ id: first, depth, port: by }];
    while (waiting.length > 0) {
      const next = waiting.pop();
      const step = next && steps.get(next.id);
      if (!next || !step || seen.has(step.id)) continue;
      seen.add(step.id);
      rows.push({ step, depth: next.depth, port: next.port });
      const out = workflow.connections.filter(each => each.source === step.id);
      const ports = portsOf(
        step,
        types.get(step.type),
        out.map(each => each.sourcePort),
      );
      for (const each of [...out].reverse()) {
        const deeper = out.length > 1 ? 1 : 0;
        waiting.push({
          id: each.target,
          depth: next.depth + deeper,
          port: out.length > 1 ? ports.find(port => port.id === each.sourcePort)?.label : undefined,
        });
      }
    }
  };
  const start = workflow.steps.find(each => each.type === "start");
  if (start) visit(start.id, 0, undefined);
  for (const step of workflow.steps) visit(step.id, 0, undefined);
  return rows;
}

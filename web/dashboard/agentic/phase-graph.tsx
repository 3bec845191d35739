import "./phase-graph.css";
import { Canvas } from "@dashboard/canvas/canvas";
import { pressed } from "@dashboard/canvas/canvas-commands";
import { shapeOf, WIDTH } from "@dashboard/canvas/geometry";
import type { CanvasHandle } from "@dashboard/canvas/handle";
import { Picker } from "@dashboard/canvas/picker";
import { tidy } from "@dashboard/canvas/tidy";
import { useCommands } from "@dashboard/commands";
import type { Problem, Workflow } from "@dashboard/editing/flow";
import { Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { useEffect, useMemo, useRef, useState } from "react";
import { type Phase, phaseName } from "./harness";
import {
  connected,
  disconnected,
  drawn,
  followed,
  nearest,
  openPort,
  PHASE_TYPES,
  type Places,
  problemsAt,
  refusalOf,
} from "./phase-flow";

export interface PhaseGraphProps {
  readonly phases: readonly Phase[];
  readonly problems: readonly Problem[];
  /** The phase whose form is open. */
  readonly openId: string;
  readonly edits: boolean;
  readonly onOpen: (id: string) => void;
  readonly onAdd: () => void;
  readonly onRemove: (ids: ReadonlySet<string>) => void;
  readonly onChange: (label: string, change: (phases: readonly Phase[]) => readonly Phase[]) => void;
}

const NONE: ReadonlySet<string> = new Set();
const nothing = () => undefined;

/** The phases as cards, their exits as connections: the canvas of workflows, laid out by itself. */
export default function PhaseGraph(props: PhaseGraphProps) {
  const { phases, problems, openId, edits, onOpen, onChange } = props;
  const places = usePlaces(phases);
  const [picked, setPicked] = useState<ReadonlySet<string>>();
  const [connection, setConnection] = useState<string>();
  const [connecting, setConnecting] = useState(false);
  const canvas = useRef<CanvasHandle>(null);
  const latest = useRef(places);
  useEffect(() => {
    latest.current = places;
  }, [places]);
  const workflow = useMemo(() => drawn(phases, places ?? {}), [phases, places]);
  const wrong = useMemo(() => problemsAt(phases, problems), [phases, problems]);
  const own = useMemo(() => new Set([openId]), [openId]);
  const selected = picked ?? own;
  const only = selected.size === 1 ? phases.find(each => selected.has(each.id)) : undefined;
  useEffect(() => {
    const place = latest.current?.[openId];
    if (place) canvas.current?.reveal(place);
  }, [openId]);
  const shape = workflow.connections.map(each => `${each.id} ${each.target}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: seen as a whole again when something comes or goes
  useEffect(() => {
    const frame = requestAnimationFrame(() => canvas.current?.fit());
    return () => cancelAnimationFrame(frame);
  }, [places && phases.length, shape]);

  const select = (ids: ReadonlySet<string>, chosen?: string) => {
    const [id] = ids;
    setConnection(chosen);
    setPicked(ids.size === 1 ? undefined : ids);
    if (ids.size === 1 && id !== undefined) onOpen(id);
  };
  const connect = (source: string, port: string, target: string, moved?: string) => {
    onChange(t("Connect %{name}", { name: nameIn(phases, source) }), now =>
      connected(now, source, port, target, moved),
    );
    // There it is said when the exit is taken.
    select(new Set([source]));
  };
  const grow = (source: string, port: string) => {
    // One that leads somewhere has its phase.
    if (workflow.connections?.some(each => each.source === source && each.sourcePort === port)) return;
    const { phases: next, id } = followed(phases, source, port);
    onChange(t("Add phase"), () => next);
    onOpen(id);
  };
  const commands = useKeys({
    ...props,
    workflow,
    selected,
    connection,
    only,
    select,
    canvas: () => canvas.current,
    connect: () => setConnecting(true),
  });
  if (!places)
    return (
      <Loading what={t("the phases")} className="h-full">
        <Skeleton className="h-full w-full" />
      </Loading>
    );
  return (
    <div className="phase-graph h-full">
      <Canvas
        fixed
        label={t("Phases as a graph: %{phases}", { phases: phases.map(phaseName).join(", ") })}
        refuses={refusalOf}
        readOnly={!edits}
        workflow={workflow}
        types={PHASE_TYPES}
        problems={wrong}
        selected={selected}
        selectedConnection={connection}
        visited={NONE}
        threads={[]}
        people={[]}
        onPoint={nothing}
        onComment={nothing}
        onSelect={select}
        onMove={nothing}
        onConnect={edits ? connect : nothing}
        onLoose={({ stepId, port }) => edits && grow(stepId, port)}
        onDrop={nothing}
        onOpen={() => focusForm()}
        onKey={event => pressed(event, commands)}
        onReady={handle => {
          canvas.current = handle;
        }}
      />
      {edits && connecting && only && (
        <Picker
          title={t("Connect %{step}", { step: phaseName(only) })}
          placeholder={t("Where to: a phase's name")}
          choices={phases.map(each => ({
            id: each.id,
            label: phaseName(each),
            hint: each.instructions ?? "",
            refused: refusalOf(
              workflow,
              undefined,
              { stepId: only.id, port: openPort(workflow, only) },
              each.id,
            ),
          }))}
          onClose={() => {
            setConnecting(false);
            requestAnimationFrame(() => canvas.current?.focus());
          }}
          onChoose={target => {
            setConnecting(false);
            connect(only.id, openPort(workflow, only), target);
            requestAnimationFrame(() => canvas.current?.focus());
          }}
        />
      )}
    </div>
  );
}

interface Keys extends PhaseGraphProps {
  readonly workflow: Workflow;
  readonly selected: ReadonlySet<string>;
  readonly connection: string | undefined;
  readonly only: Phase | undefined;
  readonly select: (ids: ReadonlySet<string>) => void;
  readonly canvas: () => CanvasHandle | null;
  readonly connect: () => void;
}

/** The canvas' keys, as far as they mean something here; arrows go from card to card, as none is moved. */
function useKeys(keys: Keys) {
  const { phases, edits, workflow, selected, connection, only, select, canvas } = keys;
  const here = (id: string, label: string, chord: string, run: () => void, can = true) => ({
    id: `phases-${id}`,
    label,
    group: t("Phases"),
    keys: chord,
    here: true,
    run,
    can,
  });
  const go = (id: string | undefined) => {
    if (id === undefined) return;
    select(new Set([id]));
  };
  const arrow = (label: string, key: string, x: number, y: number) =>
    here(key, label, `arrow${key}`, () => go(only ? nearest(workflow, only.id, x, y) : phases[0]?.id));
  const walk = (by: number) => () => {
    const [from, to] = by > 0 ? (["source", "target"] as const) : (["target", "source"] as const);
    go(workflow.connections?.find(each => each[from] === only?.id)?.[to]);
  };
  const remove = () =>
    connection === undefined
      ? keys.onRemove(selected)
      : keys.onChange(t("Delete exit"), now => disconnected(now, connection));
  const some = selected.size > 0 || connection !== undefined;
  const commands = [
    arrow(t("Go to the phase on the left"), "left", -1, 0),
    arrow(t("Go to the phase on the right"), "right", 1, 0),
    arrow(t("Go to the phase above"), "up", 0, -1),
    arrow(t("Go to the phase below"), "down", 0, 1),
    here("next", t("Go to the next phase"), "]", walk(1)),
    here("before", t("Go to the phase before"), "[", walk(-1)),
    here("edit", t("Edit phase"), "enter", focusForm, only !== undefined),
    here("all", t("Select all phases"), "mod+a", () => select(new Set(phases.map(each => each.id)))),
    here("none", t("Select nothing"), "escape", () => select(NONE), some),
    here("zoom-all", t("Zoom to all phases"), "1", () => canvas()?.fit()),
    here("zoom-chosen", t("Zoom to the selection"), "2", () => canvas()?.show([...selected]), some),
    here("zoom-100", t("Zoom to 100 %"), "0", () => canvas()?.zoom(0)),
    here("zoom-in", t("Zoom in"), "+", () => canvas()?.zoom(1)),
    here("zoom-out", t("Zoom out"), "-", () => canvas()?.zoom(-1)),
    ...(edits
      ? [
          here("add", t("Add phase"), "a", keys.onAdd),
          here("connect", t("Connect phase"), "c", keys.connect, only !== undefined),
          here("remove", t("Delete"), "delete", remove, some),
        ]
      : []),
  ];
  useCommands(commands);
  return commands;
}

/** Where the cards stand; worked out anew when a phase comes, goes, grows or leads elsewhere. Nothing of it is kept. */
function usePlaces(phases: readonly Phase[]): Places | undefined {
  const [places, setPlaces] = useState<Places>();
  const ask = useMemo(() => {
    const { steps = [], connections = [] } = drawn(phases, {});
    return JSON.stringify({
      boxes: steps.map(each => ({
        id: each.id,
        width: WIDTH,
        height: shapeOf(each, PHASE_TYPES.get(each.type), []).height,
      })),
      lines: connections.map(each => ({ from: each.source, to: each.target })),
    });
  }, [phases]);
  useEffect(() => {
    let late = false;
    void tidy(JSON.parse(ask)).then(found => late || setPlaces(found));
    return () => {
      late = true;
    };
  }, [ask]);
  return places;
}

function nameIn(phases: readonly Phase[], id: string): string {
  const phase = phases.find(each => each.id === id);
  return phase ? phaseName(phase) : id;
}

function focusForm(): void {
  document.getElementById("phase-name")?.focus();
}

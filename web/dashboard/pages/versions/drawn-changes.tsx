import { Canvas } from "@dashboard/canvas/canvas";
import type { CanvasHandle } from "@dashboard/canvas/handle";
import { Marks } from "@dashboard/canvas/marks";
import { useCommands } from "@dashboard/commands";
import { documentQuery, type ProjectDocument } from "@dashboard/data/projects";
import { useStepTypes } from "@dashboard/data/schema";
import { type Comparison, DRAFT, versionDocumentQuery } from "@dashboard/publish/data";
import { useQuery } from "@tanstack/react-query";
import { IconButton } from "@ui/button";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { ChevronLeft, ChevronRight, X } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { drawn, placesOf, union } from "./union";

export interface DrawnChangesProps {
  readonly projectId: string;
  readonly comparison: Comparison;
  /** Which of the changes that can be drawn is shown, from 0. */
  readonly at: number;
  readonly onAt: (at: number) => void;
  readonly onClose: () => void;
}

const NONE: ReadonlySet<string> = new Set();
const nothing = () => undefined;

/** Two versions of a workflow on one canvas, and a walk along what is different. */
export default function DrawnChanges({ projectId, comparison, at, onAt, onClose }: DrawnChangesProps) {
  const changes = useMemo(() => drawn(comparison.changes), [comparison]);
  const before = useDocument(projectId, comparison.before);
  const after = useDocument(projectId, comparison.after);
  const types = useStepTypes();
  const change = changes[at];
  const workflowId = change?.workflowId ?? undefined;
  const both = useMemo(() => {
    if (!before.data || !after.data) return undefined;
    const find = (document: ProjectDocument) => document.workflows.find(each => each.id === workflowId);
    return union(find(before.data), find(after.data));
  }, [before.data, after.data, workflowId]);
  const canvas = useRef<CanvasHandle>(null);
  const places = useMemo(() => (change && both ? placesOf(change, both) : []), [change, both]);
  useEffect(() => {
    // Once the steps of another workflow are there.
    const frame = requestAnimationFrame(() => places.length > 0 && canvas.current?.show(places));
    return () => cancelAnimationFrame(frame);
  }, [places]);
  const walk = (by: number) => onAt((at + by + changes.length) % changes.length);
  useCommands([
    { id: "next-change", label: t("Next change"), group: t("Compare"), keys: "n", run: () => walk(1) },
    { id: "change-before", label: t("Change before"), group: t("Compare"), keys: "p", run: () => walk(-1) },
  ]);
  const failed = [before, after].find(each => each.isError);
  if (failed) {
    return (
      <ErrorState
        title={t("Could not load both versions.")}
        error={failed.error}
        onRetry={() => failed.refetch()}
      />
    );
  }
  if (!both || !change) {
    return (
      <Loading what={t("both versions")} className="h-full">
        <Skeleton className="h-full w-full" />
      </Loading>
    );
  }
  return (
    <div className="flex h-full min-h-0 flex-col">
      <section
        aria-label={t("Changes on the canvas")}
        className="flex min-h-10 shrink-0 items-center gap-1 border-line border-b bg-surface px-3 text-dense"
      >
        <p role="status" dir="auto" className="min-w-0 flex-1 truncate text-text-2" title={change.words}>
          {t("%{value} of %{changes}: %{words}", {
            value: at + 1,
            changes: changes.length,
            words: change.words,
          })}
        </p>
        <IconButton
          dense
          icon={ChevronLeft}
          label={t("Change before")}
          shortcut="P"
          onClick={() => walk(-1)}
        />
        <IconButton dense icon={ChevronRight} label={t("Next change")} shortcut="N" onClick={() => walk(1)} />
        <IconButton dense icon={X} label={t("Close the canvas")} onClick={onClose} />
      </section>
      <div className="min-h-0 flex-1">
        <Canvas
          key={workflowId}
          readOnly
          workflow={both.workflow}
          types={types}
          problems={[]}
          selected={new Set(places)}
          selectedConnection={undefined}
          visited={NONE}
          marks={both.marks}
          threads={[]}
          people={[]}
          over={<Marks workflow={both.workflow} types={types} marks={both.marks} />}
          onPoint={nothing}
          onComment={nothing}
          onSelect={ids => {
            const found = changes.findIndex(each => each.workflowId === workflowId && ids.has(each.id));
            if (found >= 0) onAt(found);
          }}
          onMove={nothing}
          onConnect={nothing}
          onLoose={nothing}
          onDrop={nothing}
          onOpen={nothing}
          onKey={nothing}
          onReady={handle => {
            canvas.current = handle;
          }}
        />
      </div>
    </div>
  );
}

/** A version's document, or the draft's. */
function useDocument(projectId: string, id: string) {
  const draft = useQuery({ ...documentQuery(projectId), enabled: id === DRAFT });
  const version = useQuery({ ...versionDocumentQuery(projectId, id), enabled: id !== DRAFT });
  return id === DRAFT ? { ...draft, data: draft.data?.document } : version;
}

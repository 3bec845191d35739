import type { ProjectDocument } from "@dashboard/data/projects";

/** What is configured of an agent, at `behaviourConfig.agentHarness`: all of it may be left out. */
export interface Harness {
  readonly allowedToolIds?: readonly string[] | null;
  readonly allowedPlaybookIds?: readonly string[];
  readonly uiBuiltins?: Readonly<Record<string, boolean>>;
  readonly phases?: readonly Phase[];
  readonly [field: string]: unknown;
}

/** A part of the conversation. */
export interface Phase {
  readonly id: string;
  readonly name?: string;
  readonly instructions?: string;
  readonly model?: string | readonly string[] | null;
  readonly allowedToolIds?: readonly string[] | null;
  readonly snapshotKeys?: readonly string[] | null;
  readonly buttons?: readonly object[];
  readonly exit?: readonly object[];
  readonly [field: string]: unknown;
}

/** Where it stands in the document, as problems tell it. */
export const PATH = "behaviourConfig.agentHarness";

/** The harness with its shorter spellings written out. */
export function harnessOf(document: ProjectDocument): Harness {
  const raw = document.behaviourConfig.agentHarness as Record<string, unknown>;
  const builtins = raw["uiBuiltins"];
  return {
    ...raw,
    ...(Array.isArray(builtins) && { uiBuiltins: Object.fromEntries(builtins.map(name => [name, true])) }),
    phases: listOf(raw["phases"]).map(each => writtenOut(each as Phase)),
  };
}

/** The document with its harness changed. */
export function withHarness(
  document: ProjectDocument,
  change: (harness: Harness) => Harness,
): ProjectDocument {
  const agentHarness = change(harnessOf(document)) as ProjectDocument["behaviourConfig"]["agentHarness"];
  return { ...document, behaviourConfig: { ...document.behaviourConfig, agentHarness } };
}

export function phaseName(phase: Phase): string {
  return phase.name || phase.id;
}

function writtenOut(phase: Phase): Phase {
  return {
    ...phase,
    ...(phase.exit && {
      exit: listOf(phase.exit).map(each => {
        const { when, ...rest } = each as { when?: object };
        return { ...when, ...rest };
      }),
    }),
    ...(phase.buttons && {
      buttons: phase.buttons.map(each => (typeof each === "string" ? { id: "", label: each } : each)),
    }),
  };
}

/** One thing is read as a list of it. */
function listOf(value: unknown): unknown[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

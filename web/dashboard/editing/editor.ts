import type { ApiError } from "@client/api";
import { filled } from "@dashboard/data/filled";
import type { ProjectDocument } from "@dashboard/data/projects";
import { t } from "@ui/words";
import { create, type StoreApi, type UseBoundStore } from "zustand";
import type { Kept } from "./journal";
import { chosen, reconnected } from "./kept-steps";
import { type Clash, equal, merge } from "./merge";
import { withRefused } from "./refused";

/** One edit that can be undone: the document before and after it, which share all that is the same. */
export interface Edit {
  readonly label: string;
  readonly before: ProjectDocument;
  readonly after: ProjectDocument;
  /** Edits that follow each other under one key within a second are one: what is typed in a field. */
  readonly key: string | undefined;
  readonly at: number;
}

/** An edit that was taken back or made again, and in how many places it was not: somebody has changed them since. */
export interface Undone {
  readonly label: string;
  readonly kept: number;
}

export type SaveState =
  | { readonly kind: "saved" }
  | { readonly kind: "saving" }
  | { readonly kind: "waiting" }
  | { readonly kind: "offline" }
  | { readonly kind: "signed-out" }
  | { readonly kind: "failed"; readonly message: string; readonly details: ApiError["details"] };

export interface EditorState {
  readonly projectId: string;
  readonly document: ProjectDocument;
  /** The document as the server has it, and its revision. */
  readonly saved: ProjectDocument;
  readonly etag: string;
  readonly save: SaveState;
  /** Nothing is changed: whoever sits here may not. */
  readonly readOnly: boolean;
  readonly undone: readonly Edit[];
  readonly done: readonly Edit[];
  /** When what is saved now was sent: later edits wait. */
  readonly savedAt: number;
  /** What somebody else gave a value that I gave too: mine stands, theirs can be put in its place. */
  readonly clashes: readonly Clash[];
  /** Changes the document by one edit. `change` gets the document and answers with the new one. */
  readonly edit: (
    label: string,
    change: (document: ProjectDocument) => ProjectDocument,
    key?: string,
  ) => void;
  /** Takes back the last edit, or the one that is given and still stands. */
  readonly undo: (edit?: Edit) => Undone | undefined;
  readonly redo: () => Undone | undefined;
  /** Takes in what the server has now: my edits are kept on top of it. */
  readonly take: (document: ProjectDocument, etag: string) => void;
  /** The server has taken `sent`. */
  readonly keep: (
    sent: ProjectDocument,
    etag: string,
    problems: ProjectDocument["problems"],
    sentAt: number,
  ) => void;
  readonly tell: (save: SaveState) => void;
  /** Takes in what was kept of a page that is gone: its edits on top of mine. */
  readonly adopt: (kept: Kept) => void;
  /** Gives a value that clashed; the other one stays in the list until it is put away. */
  readonly choose: (clash: Clash, value: unknown) => void;
  readonly settle: (clash: Clash) => void;
  readonly problems: NonNullable<ProjectDocument["problems"]>;
}

export type Editor = UseBoundStore<StoreApi<EditorState>>;

const MOST = 200;
const TOGETHER = 1000;

/** What is edited of one project, with its history: nothing of it depends on how it is shown. */
export function createEditor(
  projectId: string,
  document: ProjectDocument,
  etag: string,
  kept?: Kept,
): Editor {
  const editor = create<EditorState>((set, get) => ({
    projectId,
    document,
    saved: document,
    etag,
    save: { kind: "saved" },
    readOnly: false,
    savedAt: Date.now(),
    undone: [],
    done: [],
    clashes: [],
    ...kept,
    // What was kept of it is a copy: what is not saved of it goes on top.
    ...(kept?.etag === etag && {
      document: merge(filled(kept.saved), filled(kept.document), document),
      saved: document,
    }),
    problems: document.problems ?? [],

    edit: (label, change, key) => {
      const { document: before, done, readOnly } = get();
      if (readOnly) return;
      const after = change(before);
      if (after === before || equal(before, after)) return;
      const last = done.at(-1);
      const now = Date.now();
      const together =
        key !== undefined && last?.key === key && now - last.at < TOGETHER && get().undone.length === 0;
      const edit = { label, before: together ? last.before : before, after, key, at: now };
      const kept = together ? done.slice(0, -1) : done;
      set({ document: after, done: [...kept, edit].slice(-MOST), undone: [], save: { kind: "waiting" } });
    },

    undo: (edit = get().done.at(-1)) => {
      if (!edit || !get().done.includes(edit)) return undefined;
      const { document, kept } = turned(edit.after, edit.before, get().document);
      set(state => ({
        document,
        done: state.done.filter(each => each !== edit),
        undone: [...state.undone, edit],
        save: { kind: "waiting" },
      }));
      return { label: edit.label, kept };
    },

    redo: () => {
      const edit = get().undone.at(-1);
      if (!edit) return undefined;
      const { document, kept } = turned(edit.before, edit.after, get().document);
      set(state => ({
        document,
        done: [...state.done, { ...edit, key: undefined }],
        undone: state.undone.slice(0, -1),
        save: { kind: "waiting" },
      }));
      return { label: edit.label, kept };
    },

    take: (theirs, newEtag) => {
      const { saved, document: mine } = get();
      const clashes: Clash[] = [];
      // What came from the server is filled, what was written here need not be.
      const merged = merge(filled(saved), filled(mine), theirs, clashes);
      const document = reconnected(merged, filled(saved), clashes);
      const known = get().clashes.filter(each => !clashes.some(other => equal(other.path, each.path)));
      set({ document, saved: theirs, etag: newEtag, clashes: [...known, ...clashes] });
    },

    keep: (sent, newEtag, problems, sentAt) =>
      set(state => ({
        // A later one of somebody else was taken in already, with mine in it.
        ...(revisionOf(newEtag) >= revisionOf(state.etag) && { saved: sent, etag: newEtag }),
        problems: problems ?? [],
        savedAt: sentAt,
        save: equal(state.document, sent) ? { kind: "saved" } : { kind: "waiting" },
      })),

    tell: save =>
      set(({ problems, document: now }) => ({
        save,
        ...(save.kind === "failed" && { problems: withRefused(problems, save.details, now) }),
        ...(save.kind === "saved" && { problems: withRefused(problems, [], now) }),
      })),

    adopt: ({ saved, document: theirs, clashes }) =>
      set(state => {
        const found: Clash[] = [...state.clashes, ...clashes];
        return {
          document: merge(filled(saved), filled(theirs), filled(state.document), found),
          clashes: found,
          save: { kind: "waiting" },
        };
      }),

    choose: (clash, value) => get().edit(t("Choose a value"), now => chosen(now, clash, value)),
    settle: clash => set(state => ({ clashes: state.clashes.filter(each => each !== clash) })),
  }));
  // What the server has meanwhile, under what was kept.
  if (kept && kept.etag !== etag) editor.getState().take(document, etag);
  return editor;
}

/** The document with the change of one into the other made in it; where it is another by now, it stays that. */
function turned(from: ProjectDocument, to: ProjectDocument, now: ProjectDocument) {
  const kept: Clash[] = [];
  const document = merge(filled(from), filled(now), filled(to), kept);
  return { document, kept: kept.length };
}

/** The number of a revision, which its `ETag` tells: a later one is higher. */
export const revisionOf = (etag: string) => Number(etag.replaceAll('"', ""));

/** How many edits are not on the server yet. */
export function waiting({ done, savedAt, document, saved }: EditorState): number {
  if (equal(document, saved)) return 0;
  return Math.max(1, done.filter(each => each.at > savedAt).length);
}

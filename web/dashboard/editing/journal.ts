import type { EditorState } from "./editor";

/** What of an editor outlives its page: what was not saved yet, what can be undone, and values that clashed. */
export type Kept = Pick<EditorState, "document" | "saved" | "etag" | "done" | "undone" | "clashes">;

interface Entry extends Kept {
  readonly projectId: string;
  readonly tabId: string;
}

const STORE = "tabs";
const TAB = "conduet.tab";

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const request = indexedDB.open("conduet-journal", 1);
    request.onupgradeneeded = () =>
      request.result.createObjectStore(STORE, { keyPath: ["projectId", "tabId"] });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opened;
}

async function inStore<Result>(
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore) => IDBRequest<Result>,
): Promise<Result> {
  const transaction = (await open()).transaction(STORE, mode);
  const request = work(transaction.objectStore(STORE));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error);
  });
}

let tab: Promise<string> | undefined;

/** The id of this tab: the same after a reload, another in a tab that was duplicated. */
function tabId(): Promise<string> {
  tab ??= (async () => {
    const known = sessionStorage.getItem(TAB);
    const id = known && (await hold(known)) ? known : crypto.randomUUID();
    if (id !== known) await hold(id);
    sessionStorage.setItem(TAB, id);
    return id;
  })();
  return tab;
}

/** Holds a tab's name for as long as the page lives; `false`: another page has it. */
function hold(id: string): Promise<boolean> {
  return new Promise(resolve => {
    void navigator.locks.request(`conduet.tab.${id}`, { ifAvailable: true }, lock => {
      resolve(lock !== null);
      return lock && new Promise(() => undefined);
    });
  });
}

/** Whether the page of that tab is there no more. */
async function isGone(id: string): Promise<boolean> {
  return navigator.locks.request(`conduet.tab.${id}`, { ifAvailable: true }, lock => lock !== null);
}

export interface Found {
  /** Of this tab, before it was reloaded. */
  readonly own: Kept | undefined;
  /** Of tabs that were closed, or crashed, before all was saved. */
  readonly others: readonly Kept[];
}

/** What was kept of a project; what others left is taken out, so that it is found once. */
export async function recall(projectId: string): Promise<Found> {
  try {
    const me = await tabId();
    const range = IDBKeyRange.bound([projectId], [projectId, []]);
    const entries: Entry[] = await inStore("readonly", store => store.getAll(range));
    const others: Entry[] = [];
    for (const entry of entries) {
      if (entry.tabId === me || !(await isGone(entry.tabId))) continue;
      await inStore("readwrite", store => store.delete([projectId, entry.tabId]));
      others.push(entry);
    }
    return { own: entries.find(each => each.tabId === me), others };
  } catch {
    // A browser that keeps nothing (a private window of some) still edits.
    return { own: undefined, others: [] };
  }
}

/** Keeps what there is now. Unchanged parts are shared by all edits, and so are stored once. */
export async function keep({
  projectId,
  document,
  saved,
  etag,
  done,
  undone,
  clashes,
}: EditorState): Promise<void> {
  try {
    const entry: Entry = { projectId, tabId: await tabId(), document, saved, etag, done, undone, clashes };
    await inStore("readwrite", store => store.put(entry));
  } catch {
    // As above.
  }
}

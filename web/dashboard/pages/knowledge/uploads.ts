import { csrfHeaders, errorOf } from "@client/api";
import { t } from "@ui/words";
import { create } from "zustand";

/** A file on its way; `sent` is in bytes. */
export interface Upload {
  readonly id: number;
  readonly projectId: string;
  readonly file: File;
  readonly sent: number;
  readonly error?: string;
}

interface UploadState {
  readonly waiting: readonly Upload[];
  readonly failed: readonly Upload[];
}

export const useUploads = create<UploadState>(() => ({ waiting: [], failed: [] }));

let last = 0;
let running: XMLHttpRequest | undefined;

/** Sends files one after the other; `onDone` is called after each. They go on while one looks at other pages. */
export function upload(projectId: string, files: Iterable<File>, onDone: () => void): void {
  const added = [...files].map((file): Upload => ({ id: ++last, projectId, file, sent: 0 }));
  useUploads.setState(({ waiting, failed }) => ({ waiting: [...waiting, ...added], failed }));
  if (!running) void next(onDone);
}

export function cancelUploads(): void {
  useUploads.setState({ waiting: [] });
  running?.abort();
}

export function forgetFailed(id: number): void {
  useUploads.setState(({ failed }) => ({ failed: failed.filter(each => each.id !== id) }));
}

async function next(onDone: () => void): Promise<void> {
  for (let first = useUploads.getState().waiting[0]; first; first = useUploads.getState().waiting[0]) {
    const { id } = first;
    const error = await send(first, sent =>
      useUploads.setState(({ waiting }) => ({
        waiting: waiting.map(each => (each.id === id ? { ...each, sent } : each)),
      })),
    );
    const failed = error === undefined ? [] : [{ ...first, error }];
    useUploads.setState(state => ({
      waiting: state.waiting.filter(each => each.id !== id),
      failed: [...state.failed, ...failed],
    }));
    onDone();
  }
}

/** Sends one, and returns what went wrong. `fetch` does not tell how far it is. */
function send({ projectId, file }: Upload, onProgress: (sent: number) => void): Promise<string | undefined> {
  return new Promise(resolve => {
    const request = new XMLHttpRequest();
    running = request;
    const end = (error?: string) => {
      running = undefined;
      resolve(error);
    };
    request.open("POST", `/api/v1/projects/${encodeURIComponent(projectId)}/knowledge-base/upload`);
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
    request.upload.onprogress = event => onProgress(event.loaded);
    request.onabort = () => end();
    request.onerror = () => end(t("The server did not answer. Check the connection and try again."));
    request.onload = async () => {
      if (request.status < 300) return end();
      const answer = new Response(request.responseText, { status: request.status });
      end((await errorOf(answer)).message);
    };
    const body = new FormData();
    body.append("file", file);
    request.send(body);
  });
}

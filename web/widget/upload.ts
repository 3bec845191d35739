import { Refused, type Server, UNREACHABLE } from "./server";

const MOST = 10 * 1024 * 1024;
const TYPES = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/;

export interface SentFile {
  readonly url: string;
  readonly mimeType: string;
}

/** Why a file is not even tried. */
export function flaw({ size, type }: File): "too-large" | "wrong-type" | undefined {
  return size > MOST ? "too-large" : TYPES.test(type) ? undefined : "wrong-type";
}

/** Sends a file; `progress` is told how much of it is sent, from 0 to 1. Throws `Refused`. */
export function upload(
  server: Server,
  file: File,
  progress: (part: number) => void,
  signal: AbortSignal,
): Promise<SentFile> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${server.host}/api/v1/${server.address("files")}`);
    for (const [name, value] of Object.entries(server.headers())) request.setRequestHeader(name, value);
    request.upload.onprogress = told => progress(told.total ? told.loaded / told.total : 0);
    request.onerror = () => reject(new Refused(0, UNREACHABLE, ""));
    request.onload = () => {
      let body: { error?: string; code?: string } = {};
      try {
        body = JSON.parse(request.responseText);
      } catch {
        // It says nothing.
      }
      if (request.status < 300) resolve(body as SentFile);
      else reject(new Refused(request.status, body.code ?? "UNKNOWN", body.error ?? `${request.status}`));
    };
    signal.addEventListener("abort", () => request.abort());
    const form = new FormData();
    form.append("file", file, file.name || "picture.png");
    request.send(form);
  });
}

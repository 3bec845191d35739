import { csrfHeaders, errorOf } from "@client/api";
import { Button, IconButton } from "@ui/button";
import { Icon } from "@ui/icon";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { Paperclip, X } from "lucide-react";
import { useRef, useState } from "react";
import { create } from "zustand";

/** A file that was sent up, and goes with a reply. */
export interface Attached {
  readonly url: string;
  readonly mimeType: string;
  readonly name: string;
}

/** What the API takes in one reply. */
const MOST = 10;
const NONE: readonly Attached[] = [];

const useAll = create<Readonly<Record<string, readonly Attached[]>>>(() => ({}));

const keyOf = (projectId: string, userId: string) => `${projectId}/${userId}`;

/** The files that go with the reply that is being written. */
export function useAttached(projectId: string, userId: string): readonly Attached[] {
  return useAll(all => all[keyOf(projectId, userId)] ?? NONE);
}

export function attach(projectId: string, userId: string, files: readonly Attached[]): void {
  const key = keyOf(projectId, userId);
  useAll.setState(all => ({ [key]: [...(all[key] ?? []), ...files].slice(0, MOST) }));
}

export function detach(projectId: string, userId: string, url?: string): void {
  const key = keyOf(projectId, userId);
  useAll.setState(all => ({ [key]: url ? (all[key] ?? []).filter(each => each.url !== url) : NONE }));
}

async function sendUp(projectId: string, userId: string, file: File): Promise<Attached> {
  const body = new FormData();
  body.append("file", file);
  const path = `/api/v1/projects/${encodeURIComponent(projectId)}/conversations/${encodeURIComponent(userId)}/files`;
  const response = await fetch(path, { method: "POST", headers: csrfHeaders(), body });
  if (!response.ok) throw await errorOf(response);
  const { url, mimeType, name } = (await response.json()) as Attached;
  return { url, mimeType, name };
}

interface AttachProps {
  readonly projectId: string;
  readonly userId: string;
}

/** Sends files up, which then wait with the reply. */
export function AttachButton({ projectId, userId }: AttachProps) {
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const take = async (files: readonly File[]) => {
    setBusy(true);
    for (const file of files.slice(0, MOST)) {
      try {
        attach(projectId, userId, [await sendUp(projectId, userId, file)]);
      } catch (error) {
        toast(
          t("Could not attach %{name}: %{message}", { name: file.name, message: (error as Error).message }),
          { bad: true },
        );
      }
    }
    setBusy(false);
  };
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("Files to attach")}
        accept="image/png,image/jpeg,image/gif,image/webp,application/pdf"
        onChange={event => {
          const files = [...(event.currentTarget.files ?? [])];
          event.currentTarget.value = "";
          void take(files);
        }}
      />
      <Button
        dense
        look="quiet"
        icon={Paperclip}
        busy={busy}
        title={t("Pictures and PDFs, 10 MB each")}
        onClick={() => input.current?.click()}
      >
        <span className="max-sm:sr-only">{t("Attach")}</span>
      </Button>
    </>
  );
}

/** The files that go with the reply, each to be left out again. */
export function AttachedList({ projectId, userId }: AttachProps) {
  const files = useAttached(projectId, userId);
  if (files.length === 0) return null;
  return (
    <ul aria-label={t("Attached")} className="mt-2 flex flex-wrap gap-1">
      {files.map(({ url, name }) => (
        <li key={url} className="flex items-center gap-1 rounded-control bg-sunken ps-2 text-caption">
          <Icon of={Paperclip} className="size-3" />
          <span dir="auto" title={name} className="max-w-48 truncate">
            {name}
          </span>
          <IconButton
            dense
            icon={X}
            label={t("Leave out %{name}", { name })}
            onClick={() => detach(projectId, userId, url)}
          />
        </li>
      ))}
    </ul>
  );
}

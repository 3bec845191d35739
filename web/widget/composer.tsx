import { useEffect, useRef, useState } from "preact/hooks";
import { Icon } from "./icon";
import { Refused, type Server } from "./server";
import type { Talk } from "./talk";
import type { Visitor } from "./visitor";
import type { Words } from "./words";

interface Upload {
  readonly id: number;
  readonly name: string;
  readonly part: number;
  readonly error?: string;
  readonly stop: AbortController;
}

interface Props {
  readonly talk: Talk;
  readonly server: Server;
  readonly visitor: Visitor;
  readonly words: Words;
  readonly busy: boolean;
  /** Files that were dropped on the panel. */
  readonly dropped: readonly File[];
}

let uploads = 0;

/** Where one writes: never shut, what cannot go out yet waits. */
export function Composer({ talk, server, visitor, words, busy, dropped }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(visitor.kept.draft ?? "");
  const [files, setFiles] = useState<readonly Upload[]>([]);

  const write = (next: string) => {
    setText(next);
    visitor.keep({ draft: next });
  };
  const send = () => {
    const said = text.trim();
    if (!said) return;
    write("");
    talk.send({ type: "text", payload: said }, said);
    field.current?.focus();
  };
  const change = (id: number, more: Partial<Upload>) =>
    setFiles(now => now.map(each => (each.id === id ? { ...each, ...more } : each)));
  const drop = (id: number) => setFiles(now => now.filter(each => each.id !== id));
  const attach = async (file: File) => {
    const id = ++uploads;
    const { name } = file;
    const stop = new AbortController();
    setFiles(now => [...now, { id, name, part: 0, stop }]);
    try {
      // Loaded by who has a file.
      const { flaw, upload } = await import("./upload");
      const wrong = flaw(file);
      if (wrong) return change(id, { error: words(wrong, { name }) });
      const { url, mimeType } = await upload(server, file, part => change(id, { part }), stop.signal);
      drop(id);
      const payload = { url, mimeType };
      talk.send({ type: "media", payload }, name || words("file"), payload);
    } catch (reason) {
      const said = reason instanceof Refused ? reason.message : "";
      change(id, { error: `${words("not-uploaded", { name })} ${said}` });
    }
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: each drop once
  useEffect(() => dropped.forEach(attach), [dropped]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the height follows the text
  useEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.blockSize = "auto";
    // Out of sight it has no height.
    if (current.scrollHeight > 0) current.style.blockSize = `${current.scrollHeight}px`;
  }, [text]);

  return (
    <form
      class="composer"
      part="composer"
      onSubmit={event => {
        event.preventDefault();
        send();
      }}
    >
      {files.map(file => (
        <div key={file.id} class={file.error ? "upload bad" : "upload"}>
          <span>{file.error ?? file.name}</span>
          {!file.error && <progress value={file.part} aria-label={file.name} />}
          <button
            type="button"
            class="quiet always"
            aria-label={words("remove", { name: file.name })}
            onClick={() => {
              file.stop.abort();
              drop(file.id);
              field.current?.focus();
            }}
          >
            <Icon of="close" />
          </button>
        </div>
      ))}
      <div class="row">
        <button
          type="button"
          class="quiet always"
          aria-label={words("attach")}
          title={words("attach")}
          onClick={() => picker.current?.click()}
        >
          <Icon of="attach" />
        </button>
        <input
          ref={picker}
          type="file"
          hidden
          multiple
          accept="image/png,image/jpeg,image/gif,image/webp,application/pdf"
          onChange={event => {
            for (const file of event.currentTarget.files ?? []) attach(file);
            event.currentTarget.value = "";
          }}
        />
        <textarea
          ref={field}
          rows={1}
          dir="auto"
          maxLength={30_000}
          aria-label={words("write")}
          placeholder={words("write")}
          value={text}
          onInput={event => write(event.currentTarget.value)}
          onPaste={event => {
            const pasted = [...(event.clipboardData?.files ?? [])];
            if (pasted.length === 0) return;
            event.preventDefault();
            pasted.forEach(attach);
          }}
          onKeyDown={event => {
            // Enter may end a word of an input method; 229: Safari says so afterwards.
            if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
            event.preventDefault();
            send();
          }}
        />
        {busy && !text.trim() ? (
          <button type="button" class="filled" aria-label={words("stop")} onClick={() => talk.stop()}>
            <Icon of="stop" />
          </button>
        ) : (
          <button type="submit" class="filled" aria-label={words("send")}>
            <Icon of="send" />
          </button>
        )}
      </div>
    </form>
  );
}

import type { Sent } from "@dashboard/data/files";
import { Icon } from "@ui/icon";
import { Paperclip } from "lucide-react";

/** A file that a user sent. A picture has its height before it is there, so that nothing moves when it comes. */
export function SentFile({ text, url, mimeType }: Sent) {
  if (!/^(https?:|\/)/i.test(url)) return text;
  return (
    <a className="underline" href={url} target="_blank" rel="noopener noreferrer nofollow">
      {mimeType.startsWith("image/") && (
        <img src={url} alt="" className="mb-1 h-40 max-w-full rounded-control object-contain" />
      )}
      <Icon of={Paperclip} className="me-1 inline size-4" />
      {text}
    </a>
  );
}

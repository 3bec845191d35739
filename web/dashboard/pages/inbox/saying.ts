import { type Sent, sentFile } from "@dashboard/data/files";
import type { InboxConversation } from "@dashboard/data/inbox";
import { t } from "@ui/words";

/** Something in a conversation, as people who answer read it. */
export type Said = { readonly key: string; readonly at: string; readonly text: string } & (
  | { readonly kind: "user" | "agent" | "person" | "mark" }
  | ({ readonly kind: "file" } & Sent)
  | { readonly kind: "note"; readonly by: string }
);

const KINDS = { user: "user", assistant: "agent", person: "person" } as const;

/** What was said, sent and noted and when it was handed over, in the order in which it happened. */
export function timelineOf({ entry, messages, files, notes }: InboxConversation): Said[] {
  const seen = new Map<string, number>();
  const said: Said[] = messages.map(({ role, content, createdAt }) => {
    // What is said twice in one moment is still two.
    const base = `${createdAt} ${role}`;
    const many = (seen.get(base) ?? 0) + 1;
    seen.set(base, many);
    return { kind: KINDS[role], key: `${base} ${many}`, at: createdAt, text: content };
  });
  const noted: Said[] = notes.map(({ id, member, text, createdAt }) => ({
    kind: "note",
    key: id,
    at: createdAt,
    text,
    by: member.name,
  }));
  const to = entry.target
    ? t("Handed over to %{target}", { target: entry.target })
    : t("Handed over to a person");
  const handed: Said = {
    kind: "mark",
    key: "handed",
    at: entry.handedAt,
    text: entry.reason ? `${to}: ${entry.reason}` : to,
  };
  return [...said, ...files.map(sent), ...noted, handed].sort(
    (one, other) => Date.parse(one.at) - Date.parse(other.at),
  );
}

function sent(file: InboxConversation["files"][number]): Said {
  return { kind: "file", key: `file ${file.turnId}`, at: file.sentAt, ...sentFile(file) };
}

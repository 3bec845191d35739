import type { Item } from "@client/traces";
import type { Transcript } from "@dashboard/data/turns";

export type Said = Transcript["messages"][number];

/** Which message of a transcript an item of the shown conversation is, for those that say something; in their order. */
export function saidBy(items: readonly Item[], messages: readonly Said[]): ReadonlyMap<string, Said> {
  const texts = items.filter(item => item.kind === "text");
  const found = new Map<string, Said>();
  for (const said of messages) {
    if (said.role === "user") continue;
    const item = texts.find(each => !found.has(each.id) && each.text.trim() === said.content.trim());
    if (item) found.set(item.id, said);
  }
  return found;
}

/** The turns in which some answer is rated. */
export function ratedTurns(items: readonly Item[], said: ReadonlyMap<string, Said>): ReadonlySet<string> {
  const rated = new Set<string>();
  for (const item of items)
    if (item.kind === "text" && item.turnId && said.get(item.id)?.rating) rated.add(item.turnId);
  return rated;
}

import { EMPTY, type Item } from "@client/traces";
import { render, screen } from "@testing-library/react";
import { expect, test } from "vitest";
import { Messages } from "./messages";

const text = { kind: "text", streaming: false, sources: [] } as const;
const handoff = { kind: "handoff", reason: "Asks for a tandem." } as const;
const ITEMS: readonly Item[] = [
  { kind: "user", id: "1", text: "Hello" },
  { ...text, id: "2", text: "Hi." },
  { ...handoff, id: "3", target: "Workshop" },
  { ...handoff, id: "4", target: "Ana", person: { name: "Ana" } },
  { ...text, id: "5", text: "Ana here.", person: { name: "Ana" } },
  { ...text, id: "6", text: "Anything else?", person: { name: "" } },
  { ...handoff, id: "7", target: "agent" },
];

test("whoever says something is named: the visitor, the agent, a person; and who has the conversation when", () => {
  render(<Messages conversation={{ ...EMPTY, items: ITEMS }} user="Visitor:" />);
  expect(screen.getAllByRole("listitem").map(each => each.textContent)).toEqual([
    "Visitor: Hello",
    "Agent: Hi.",
    "Handed over to Workshop: Asks for a tandem.",
    "Ana joined",
    "Ana: Ana here.",
    "Person: Anything else?",
    "Handed back to the agent",
  ]);
});

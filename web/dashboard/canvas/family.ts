import { t } from "@ui/words";
import {
  BrainCircuit,
  Database,
  Ear,
  GitFork,
  type LucideIcon,
  MessageSquareText,
  Split,
} from "lucide-react";

/** How the steps of a family look: its colour is always beside its sign. */
export interface Family {
  readonly label: string;
  readonly icon: LucideIcon;
  readonly className: string;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  talk: { label: t("Talk"), icon: MessageSquareText, className: "bg-talk-soft text-talk" },
  listen: { label: t("Listen"), icon: Ear, className: "bg-listen-soft text-listen" },
  logic: { label: t("Logic"), icon: Split, className: "bg-logic-soft text-logic" },
  ai: { label: t("AI"), icon: BrainCircuit, className: "bg-ai-soft text-ai" },
  data: { label: t("Data"), icon: Database, className: "bg-data-soft text-data" },
  flow: { label: t("Flow"), icon: GitFork, className: "bg-flow-soft text-flow" },
};

export const ORDER = Object.keys(FAMILIES);
const OTHER: Family = { label: t("Other"), icon: GitFork, className: "bg-flow-soft text-flow" };

export function familyOf(name: string | undefined): Family {
  return FAMILIES[name ?? ""] ?? OTHER;
}

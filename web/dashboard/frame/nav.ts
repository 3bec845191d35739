import { useQuery } from "@tanstack/react-query";
import type { LinkProps } from "@tanstack/react-router";
import { t } from "@ui/words";
import {
  BookOpen,
  ChartNoAxesColumn,
  History,
  Inbox,
  KeyRound,
  type LucideIcon,
  Megaphone,
  MessagesSquare,
  Play,
  Radio,
  Settings,
  Workflow,
} from "lucide-react";
import { may, type Right } from "../data/roles";
import { sessionQuery } from "../session";

export interface NavItem {
  readonly to: Extract<LinkProps["to"], `/p/$projectId/${string}`>;
  readonly label: string;
  readonly icon: LucideIcon;
  /** What it takes to be there; to read it if not given. */
  readonly right?: Right;
  /** The letter after `G`. */
  readonly key?: string;
  /** What of it waits for people is counted. */
  readonly waiting?: "inbox" | "outbound";
}

/** The pages of a project; a line between groups. */
const NAV: readonly (readonly NavItem[])[] = [
  [
    { to: "/p/$projectId/build/{-$workflow}", label: t("Build"), icon: Workflow, key: "b" },
    { to: "/p/$projectId/test", label: t("Test"), icon: Play, key: "t", right: "edit" },
    { to: "/p/$projectId/knowledge/{-$documentId}", label: t("Knowledge"), icon: BookOpen, key: "k" },
  ],
  [
    {
      to: "/p/$projectId/inbox/{-$conversation}",
      label: t("Inbox"),
      icon: Inbox,
      key: "i",
      waiting: "inbox",
      right: "watch",
    },
    {
      to: "/p/$projectId/transcripts/{-$transcriptId}",
      label: t("Transcripts"),
      icon: MessagesSquare,
      key: "r",
      right: "watch",
    },
    { to: "/p/$projectId/analytics", label: t("Analytics"), icon: ChartNoAxesColumn, key: "a" },
    {
      to: "/p/$projectId/outbound/{-$run}",
      label: t("Approvals"),
      icon: Megaphone,
      waiting: "outbound",
      right: "watch",
    },
  ],
  [
    { to: "/p/$projectId/versions/{-$version}", label: t("Versions"), icon: History, key: "v" },
    { to: "/p/$projectId/deployments/{-$deploymentId}", label: t("Deployments"), icon: Radio, key: "d" },
    { to: "/p/$projectId/keys", label: t("Keys"), icon: KeyRound },
    { to: "/p/$projectId/settings", label: t("Settings"), icon: Settings },
  ],
];

/** Those pages of a project that whoever sits here may see, as the rail lists them. */
export function useNav(): readonly (readonly NavItem[])[] {
  const { data } = useQuery(sessionQuery);
  return NAV.map(group => group.filter(({ right = "read" }) => may(data?.role, right))).filter(
    group => group.length > 0,
  );
}

import type { Schema } from "@client/api";
import { useQuery } from "@tanstack/react-query";
import { t } from "@ui/words";
import { sessionQuery } from "../session";

export type Role = NonNullable<Schema<"Session">["role"]>;

export const ROLES: Record<Role, { readonly label: string; readonly hint: string }> = {
  owner: { label: t("Owner"), hint: t("Everything, with members, keys and the audit list") },
  editor: { label: t("Editor"), hint: t("Changes projects, knowledge, versions and deployments") },
  viewer: { label: t("Viewer"), hint: t("Looks at everything, changes nothing") },
  agent: { label: t("Agent"), hint: t("Answers people: inbox, approvals and transcripts") },
};

export const ROLE_OPTIONS = (Object.keys(ROLES) as Role[]).map(value => ({ value, ...ROLES[value] }));

/** What an action takes, as `src/conduet/accounts/roles.py` decides it: the dashboard offers nothing that is refused there. */
export type Right = "watch" | "answer" | "read" | "edit" | "own";

const RIGHTS: Record<Role, readonly Right[]> = {
  owner: ["watch", "answer", "read", "edit", "own"],
  editor: ["watch", "answer", "read", "edit"],
  viewer: ["watch", "read"],
  agent: ["watch", "answer"],
};

/** Whether a role has a right; who is not known has none. */
export function may(role: Role | null | undefined, right: Right): boolean {
  return role ? RIGHTS[role].includes(right) : false;
}

/** Whether whoever sits here may do what takes `right`. */
export function useMay(right: Right): boolean {
  const { data } = useQuery(sessionQuery);
  return may(data?.role, right);
}

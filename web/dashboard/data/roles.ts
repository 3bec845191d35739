import type { Schema } from "@client/api";

export type Role = NonNullable<Schema<"Session">["role"]>;

export const ROLES: Record<Role, { readonly label: string; readonly hint: string }> = {
  owner: { label: "Owner", hint: "Everything, with members, keys and the audit list" },
  editor: { label: "Editor", hint: "Changes projects, knowledge, versions and deployments" },
  viewer: { label: "Viewer", hint: "Looks at everything, changes nothing" },
  agent: { label: "Agent", hint: "Answers people: inbox, approvals and transcripts" },
};

export const ROLE_OPTIONS = (Object.keys(ROLES) as Role[]).map(value => ({ value, ...ROLES[value] }));

import { membersQuery } from "@dashboard/data/members";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import type { AuditFilters } from "./data";

const ANY = "any";

/** Kinds of actions, as the audit list calls them: `key` is `key.made` and `key.revoked`. */
const KINDS: readonly (readonly [kind: string, label: string])[] = [
  ["member", t("Members and invitations")],
  ["invitation", t("Invitations taken back")],
  ["session", t("Sign-ins and sign-outs")],
  ["password", "Passwords"],
  ["passkey", "Passkeys"],
  ["token", t("Developer tokens")],
  ["key", "Keys"],
  ["identity-secret", t("Identity secrets")],
  ["project", "Projects"],
  ["project.made", t("Projects made")],
  ["project.imported", t("Projects imported")],
  ["project.duplicated", t("Projects duplicated")],
  ["secret", "Secrets"],
  ["version", "Versions"],
  ["deployment", "Deployments"],
  ["document", "Documents"],
  ["run", "Posts"],
  ["user", t("People forgotten or merged")],
  ["saved-reply", t("Saved replies")],
];

/** By whom, and what: the entries that are shown. */
export function AuditChoice({
  filters,
  onChange,
}: {
  readonly filters: AuditFilters;
  readonly onChange: (filters: AuditFilters) => void;
}) {
  const { data: members = [] } = useQuery(membersQuery);
  const people = members.map(({ id, name }) => ({ value: id, label: name }));
  if (filters.member && !people.some(({ value }) => value === filters.member))
    people.push({ value: filters.member, label: t("Somebody who left") });
  const actions = KINDS.map(([value, label]) => ({ value, label }));
  if (filters.action && !actions.some(({ value }) => value === filters.action))
    actions.push({ value: filters.action, label: filters.action });
  const chosen = (value: string) => (value === ANY ? undefined : value);
  return (
    <fieldset className="flex flex-wrap items-center gap-2">
      <legend className="sr-only">{t("Filters")}</legend>
      <Select
        dense
        label={t("Person")}
        className="max-w-56"
        value={filters.member ?? ANY}
        onChange={value => onChange({ ...filters, member: chosen(value) })}
        options={[{ value: ANY, label: t("Everybody") }, ...people]}
      />
      <Select
        dense
        label={t("Action")}
        className="max-w-56"
        value={filters.action ?? ANY}
        onChange={value => onChange({ ...filters, action: chosen(value) })}
        options={[{ value: ANY, label: t("Every action") }, ...actions]}
      />
      {(filters.member || filters.action) && (
        <Button dense look="quiet" onClick={() => onChange({})}>
          {t("Clear filters")}
        </Button>
      )}
    </fieldset>
  );
}

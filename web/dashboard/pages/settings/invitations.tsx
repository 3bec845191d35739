import { api } from "@client/api";
import { ROLES } from "@dashboard/data/roles";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Time } from "@ui/time";
import { t } from "@ui/words";
import { invitationsQuery } from "./data";
import { Section } from "./section";

/** Links that were sent and nobody used yet. */
export function Invitations() {
  const queryClient = useQueryClient();
  const { data: invitations = [] } = useQuery(invitationsQuery);
  const takeBack = useMutation({
    mutationFn: (invitationId: string) =>
      api.DELETE("/api/v1/invitations/{invitationId}", { params: { path: { invitationId } } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: invitationsQuery.queryKey }),
  });
  if (invitations.length === 0) return null;
  return (
    <Section title={t("Open invitations")}>
      <ul className="flex flex-col rounded-card border border-line bg-surface">
        {invitations.map(each => (
          <li
            key={each.id}
            className="flex min-h-14 items-center gap-3 border-line border-b px-4 py-2 last:border-b-0"
          >
            <span className="flex min-w-0 flex-1 flex-col">
              <span title={each.name} className="truncate text-body">
                <bdi>{each.name}</bdi>
              </span>
              <span className="text-dense text-text-2">
                {t("%{label} · until", { label: ROLES[each.role].label })} <Time at={each.expiresAt} />
              </span>
            </span>
            <Button
              dense
              aria-label={t("Take back the invitation of %{name}", { name: each.name })}
              busy={takeBack.isPending && takeBack.variables === each.id}
              onClick={() => takeBack.mutate(each.id)}
            >
              {t("Take back")}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

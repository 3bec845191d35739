import { ApiError, api } from "@client/api";
import { type Draft, documentQuery, projectsQuery } from "@dashboard/data/projects";
import { useWritten } from "@dashboard/written";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { t } from "@ui/words";

/** Writes a merge patch over the draft that was seen; somebody else's change meanwhile is an error that says so. */
export function useSave({ document, etag }: Draft) {
  const queryClient = useQueryClient();
  const projectId = document.id;
  return useMutation({
    meta: { quiet: true },
    mutationFn: async (patch: object) => {
      const params = { path: { projectId }, header: { "If-Match": etag } };
      // The API describes a patch as any object.
      await api.PATCH("/api/v1/projects/{projectId}", { params, body: patch as never });
    },
    onError: async error => {
      if (error instanceof ApiError && error.status === 412) {
        await queryClient.invalidateQueries({ queryKey: documentQuery(projectId).queryKey });
      }
    },
    onSuccess: () =>
      Promise.all([
        queryClient.invalidateQueries({ queryKey: documentQuery(projectId).queryKey }),
        queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey }),
      ]),
  });
}

/** What a failed save says; `fields` are told at their own place. */
export function told(error: Error | null, fields: readonly string[]): string | undefined {
  if (!error) return undefined;
  if (error instanceof ApiError) {
    if (error.status === 412)
      return t("Somebody else changed the project meanwhile. What you wrote is still here: save again.");
    if (error.details.some(detail => fields.includes(detail.path))) return undefined;
  }
  return error.message;
}

export function at(error: Error | null, path: string): string | undefined {
  return error instanceof ApiError ? error.at(path) : undefined;
}

/** The values of a section over those that are saved: what one wrote stays when the saved ones change, or one leaves. */
export function useForm<Values extends object>(projectId: string, section: string, saved: Values) {
  const [written, setWritten] = useWritten<Partial<Values>>(`${projectId}/settings/${section}`, {});
  const values: Values = { ...saved, ...written };
  const changed = (Object.keys(written) as (keyof Values)[]).some(name => written[name] !== saved[name]);
  return {
    values,
    changed,
    set: (change: Partial<Values>) => setWritten({ ...written, ...change }),
    reset: () => setWritten({}),
  };
}

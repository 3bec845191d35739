import type { Schema } from "@client/api";
import { api, sent } from "@client/api";
import { type ProjectDocument, projectsQuery } from "@dashboard/data/projects";
import { forgetWritten } from "@dashboard/written";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

/** Under which what is written of a project that is not there yet is kept. */
export const NEW = "new-project";

export type NewBlank = { name: string; framework: Schema<"ProjectDocument">["framework"] };

/** Makes a project and opens it. The form shows the error itself. */
export function useCreate<Input>(make: (input: Input) => Promise<ProjectDocument>) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    meta: { quiet: true },
    mutationFn: make,
    onSuccess: async ({ id }) => {
      forgetWritten(NEW);
      await queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
      await navigate({ to: "/p/$projectId", params: { projectId: id } });
    },
  });
}

export const makeBlank = (body: NewBlank) => sent(api.POST("/api/v1/projects", { body: body as never }));

export const makeFromTemplate = (body: { templateId: string; name: string | null }) =>
  sent(api.POST("/api/v1/projects/templates", { body }));

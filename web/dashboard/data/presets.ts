import { api, type Schema, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

export type Preset = Schema<"ShownPreset">;

export const presetsQuery = (projectId: string, kind: Preset["kind"]) =>
  queryOptions({
    queryKey: ["project", projectId, "presets", kind],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/presets", {
          params: { path: { projectId }, query: { kind } },
          signal,
        }),
      ),
  });

/** Sets something by, in place of what has its name. */
export const keepPreset = (projectId: string, body: Pick<Preset, "kind" | "name" | "content">) =>
  sent(api.POST("/api/v1/projects/{projectId}/presets", { params: { path: { projectId } }, body }));

export const removePreset = (projectId: string, presetId: string, init: { keepalive: boolean }) =>
  api.DELETE("/api/v1/projects/{projectId}/presets/{presetId}", {
    params: { path: { projectId, presetId } },
    ...init,
  });

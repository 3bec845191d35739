import { api, type Schema, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

export type Key = Schema<"ListedKey">;
export type MadeKey = Schema<"MadeKey">;
export type KeyType = Key["type"];

export const keysQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "keys"],
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/api-keys", { params: { path: { projectId } }, signal })),
  });

export interface NewKey {
  readonly name: string;
  readonly type: KeyType;
  readonly allowedOrigins: string[];
  readonly requireIdentity: boolean;
}

export const makeKey = (projectId: string, body: NewKey) =>
  sent(api.POST("/api/v1/projects/{projectId}/api-keys", { params: { path: { projectId } }, body }));

export const revokeKey = (projectId: string, keyId: string) =>
  api.DELETE("/api/v1/projects/{projectId}/api-keys/{keyId}", { params: { path: { projectId, keyId } } });

export const rotateIdentity = (projectId: string) =>
  sent(api.POST("/api/v1/projects/{projectId}/identity-secret", { params: { path: { projectId } } }));

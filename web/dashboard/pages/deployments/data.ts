import { api, type Schema, sent } from "@client/api";
import { titleIn } from "@dashboard/data/titles";
import { queryOptions } from "@tanstack/react-query";

export type Deployment = Schema<"ShownDeployment">;
export type Channel = Schema<"ChannelType">;
export type Delivery = Schema<"SentDelivery">;
export type Received = Schema<"ReceivedMessage">;
export type Config = Record<string, unknown>;

/** How a channel is called. */
export const nameOf = (channel: string): string => titleIn("channels", channel);

const at = (projectId: string, deploymentId: string) => ({ params: { path: { projectId, deploymentId } } });

export const deploymentsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "deployments"],
    queryFn: ({ signal }) =>
      sent(api.GET("/api/v1/projects/{projectId}/deployments", { params: { path: { projectId } }, signal })),
  });

/** What came and went last; looked at again while somebody watches. */
const WATCHED_MS = 4_000;

export const deliveriesQuery = (projectId: string, deploymentId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "deployments", deploymentId, "deliveries"],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/deployments/{deploymentId}/deliveries", {
          ...at(projectId, deploymentId),
          signal,
        }),
      ),
    refetchInterval: WATCHED_MS,
  });

export const receivedQuery = (projectId: string, deploymentId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "deployments", deploymentId, "messages"],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/deployments/{deploymentId}/messages", {
          ...at(projectId, deploymentId),
          signal,
        }),
      ),
    refetchInterval: WATCHED_MS,
  });

/** What the vendor says of the credentials; asked when the page opens and after each change. */
export const checkQuery = (projectId: string, deployment: Deployment) =>
  queryOptions({
    queryKey: ["project", projectId, "deployments", deployment.id, "check", deployment.updatedAt],
    queryFn: () =>
      sent(
        api.POST(
          "/api/v1/projects/{projectId}/deployments/{deploymentId}/check",
          at(projectId, deployment.id),
        ),
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });

export interface NewDeployment {
  readonly channel: string;
  readonly name: string;
  readonly config: Config;
}

/** `config` is a merge patch. */
export interface DeploymentChange {
  readonly enabled?: boolean;
  readonly versionId?: string;
  readonly config?: Config;
}

export interface TestMessage {
  readonly text: string;
  readonly to: string | null;
}

export const makeDeployment = (projectId: string, body: NewDeployment) =>
  sent(api.POST("/api/v1/projects/{projectId}/deployments", { params: { path: { projectId } }, body }));

export const changeDeployment = (projectId: string, id: string, body: DeploymentChange) =>
  sent(api.PATCH("/api/v1/projects/{projectId}/deployments/{deploymentId}", { ...at(projectId, id), body }));

export const removeDeployment = (projectId: string, id: string, init: { keepalive: boolean }) =>
  api.DELETE("/api/v1/projects/{projectId}/deployments/{deploymentId}", { ...at(projectId, id), ...init });

export const resend = (projectId: string, id: string, deliveryId: string) =>
  sent(
    api.POST("/api/v1/projects/{projectId}/deployments/{deploymentId}/deliveries/{deliveryId}/resend", {
      params: { path: { projectId, deploymentId: id, deliveryId } },
    }),
  );

export const sendTest = (projectId: string, id: string, body: TestMessage) =>
  sent(
    api.POST("/api/v1/projects/{projectId}/deployments/{deploymentId}/test", { ...at(projectId, id), body }),
  );

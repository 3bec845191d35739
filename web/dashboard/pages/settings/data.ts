import { api, type Schema, sent } from "@client/api";
import { queryOptions } from "@tanstack/react-query";

export type Token = Schema<"WireToken">;
export type Invitation = Schema<"WireInvitation">;
export type Passkey = Schema<"WirePasskey">;
export type Entry = Schema<"WireEntry">;

/** Whose entries of the audit list are shown, and of which action or kind of them. */
export interface AuditFilters {
  readonly member?: string;
  readonly action?: string;
}

export const tokensQuery = queryOptions({
  queryKey: ["tokens"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/tokens", { signal })),
});

export const sessionsQuery = queryOptions({
  queryKey: ["sessions"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/sessions", { signal })),
});

export const invitationsQuery = queryOptions({
  queryKey: ["invitations"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/invitations", { signal })),
});

export const passkeysQuery = queryOptions({
  queryKey: ["passkeys"],
  queryFn: ({ signal }) => sent(api.GET("/api/v1/passkeys", { signal })),
});

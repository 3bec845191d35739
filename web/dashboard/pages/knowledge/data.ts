import { api, type Schema, sent } from "@client/api";
import { keepPreviousData, queryOptions } from "@tanstack/react-query";

export type Doc = Schema<"ShownDocument">;
export type WholeDoc = Schema<"WholeDocument">;
export type Passage = Schema<"ShownPassage">;
export type Gap = Schema<"ShownGap">;
export type CrawlMode = NonNullable<Schema<"Crawl">["mode"]>;
export type Refresh = NonNullable<Schema<"Crawl">["refresh"]>;

const BASE = "/api/v1/projects/{projectId}/knowledge-base";
const WHILE_READING = 1000;

const inProject = (projectId: string) => ({ path: { projectId } });

/** All documents; asked again each second while any is being read. */
export const documentsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "documents"],
    queryFn: ({ signal }) => sent(api.GET(BASE, { params: inProject(projectId), signal })),
    refetchInterval: ({ state }) =>
      state.data?.documents.some(each => each.status === "processing") ? WHILE_READING : false,
  });

export const wholeQuery = (projectId: string, docId: string, firstChunk: number) =>
  queryOptions({
    queryKey: ["project", projectId, "documents", docId, firstChunk],
    queryFn: ({ signal }) => {
      const params = { path: { projectId, docId }, query: { firstChunk } };
      return sent(api.GET(`${BASE}/{docId}`, { params, signal }));
    },
    refetchInterval: ({ state }) => (state.data?.status === "processing" ? WHILE_READING : false),
  });

export const passagesQuery = (projectId: string, query: string) =>
  queryOptions({
    queryKey: ["project", projectId, "passages", query],
    queryFn: ({ signal }) => {
      const body = { query, topK: 10, filter: { metadata: {} } };
      return sent(api.POST(`${BASE}/search`, { params: inProject(projectId), body, signal }));
    },
    enabled: query.trim() !== "",
    placeholderData: keepPreviousData,
  });

export const gapsQuery = (projectId: string) =>
  queryOptions({
    queryKey: ["project", projectId, "gaps"],
    queryFn: ({ signal }) => sent(api.GET(`${BASE}/gaps`, { params: inProject(projectId), signal })),
  });

export const addText = (projectId: string, text: { name: string; content: string }) =>
  sent(api.POST(BASE, { params: inProject(projectId), body: { ...text, type: "text" } }));

export interface NewPage {
  readonly url: string;
  readonly mode: CrawlMode;
  readonly depth: number;
  readonly maxPages: number;
  readonly refresh: Refresh;
}

export function addPage(projectId: string, { url, ...crawl }: NewPage) {
  const body = { name: url.slice(0, 300), url, crawl };
  return sent(api.POST(`${BASE}/upload`, { params: inProject(projectId), body: body as never }));
}

export const removeDocument = (projectId: string, docId: string, init: { keepalive: boolean }) =>
  api.DELETE(`${BASE}/{docId}`, { params: { path: { projectId, docId } }, ...init });

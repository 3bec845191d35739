import { api, type Schema, sent } from "@client/api";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Shapes, shapesOf } from "../editing/shapes";
import { learnTitles } from "./titles";

export type StepType = Schema<"StepType">;

/** What there is to build with: every type of step, tool, connector and channel. */
export const schemaQuery = queryOptions({
  queryKey: ["schema"],
  queryFn: async ({ signal }) => {
    const schema = await sent(api.GET("/api/v1/schema", { signal }));
    learnTitles(schema);
    return schema;
  },
  staleTime: Number.POSITIVE_INFINITY,
});

/** The types of steps by their names; empty until they are loaded. */
export function useStepTypes(): ReadonlyMap<string, StepType> {
  const { data } = useQuery(schemaQuery);
  return useMemo(() => new Map((data?.steps ?? []).map(type => [type.type, type])), [data]);
}

/** What is configured of steps and tools, field by field; empty until it is loaded. */
export function useShapes(): Shapes {
  const { data } = useQuery(schemaQuery);
  return useMemo(() => shapesOf(data), [data]);
}

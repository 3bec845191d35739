import type { Turn } from "@client/traces";
import { useQuery } from "@tanstack/react-query";
import { createContext, use, useMemo } from "react";
import { documentQuery } from "../data/projects";
import type { Row } from "./trace-tree";
import type { Whose } from "./use-calls";

const MASK = "••••••";
/** Shorter ones are in too many words. */
const LETTERS = 2;

type Values = Readonly<Record<string, unknown>>;

/** What is personal in a trace, ready to be looked for; `undefined`: nothing is. */
export interface Personal {
  readonly words: RegExp;
  readonly values: ReadonlySet<unknown>;
}

const PersonalContext = createContext<Personal | undefined>(undefined);
export const PersonalProvider = PersonalContext.Provider;
export const usePersonal = () => use(PersonalContext);

/** The values that variables marked `pii` have, or had in one of the turns. */
export function usePersonalIn(
  whose: Whose | undefined,
  turns: readonly Turn[],
  variables: Values | undefined,
): Personal | undefined {
  const { data } = useQuery({ ...documentQuery(whose?.projectId ?? ""), enabled: whose !== undefined });
  const declared = data?.document.variables;
  return useMemo(() => {
    const names = new Set((declared ?? []).filter(each => each.pii).map(each => each.name));
    return names.size > 0 ? personalIn(names, turns, variables) : undefined;
  }, [declared, turns, variables]);
}

export function personalIn(
  names: ReadonlySet<string>,
  turns: readonly Turn[],
  variables: Values = {},
): Personal | undefined {
  const values = new Set<unknown>();
  const add = (value: unknown) => {
    if (typeof value === "object" && value !== null) for (const each of Object.values(value)) add(each);
    else if (typeof value === "string" ? value.trim().length >= LETTERS : typeof value === "number")
      values.add(value);
  };
  for (const name of names) add(variables[name]);
  for (const { traces } of turns)
    for (const { payload } of traces)
      for (const [name, both] of Object.entries((payload["changed"] ?? {}) as Values))
        if (names.has(name)) add(both);
  if (values.size === 0) return undefined;
  // The longest first: a first name is a part of the whole one.
  const texts = [...values].map(String).sort((one, other) => other.length - one.length);
  const escaped = texts.map(each => each.trim().replace(/[\\^$.*+?()[\]{}|/-]/g, "\\$&"));
  return { values, words: new RegExp(`(?<![\\p{L}\\p{N}])(?:${escaped.join("|")})(?![\\p{L}\\p{N}])`, "gu") };
}

/** A value without what is personal in it; the same one where nothing is. */
export function hidden<Value>(value: Value, personal: Personal | undefined): Value {
  if (!personal) return value;
  if (typeof value === "string") return value.replace(personal.words, MASK) as Value;
  if (typeof value === "number") return (personal.values.has(value) ? MASK : value) as Value;
  if (typeof value !== "object" || value === null) return value;
  const list: unknown[] = Array.isArray(value) ? value : Object.values(value);
  const next = list.map(each => hidden(each, personal));
  if (next.every((each, index) => each === list[index])) return value;
  if (Array.isArray(value)) return next as Value;
  return Object.fromEntries(Object.keys(value).map((key, index) => [key, next[index]])) as Value;
}

/** What names a step, and not what it had to do with. */
const PLACE = new Set(["workflowId", "stepId", "type", "port", "startedAt", "durationMs"]);

/** A row without what is personal in it; the same one where nothing is. */
export function withoutPersonal(row: Row, personal: Personal | undefined): Row {
  if (!personal) return row;
  const { trace, call } = row;
  const payload =
    trace && Object.fromEntries(Object.entries(trace.payload).filter(([key]) => !PLACE.has(key)));
  const seen = {
    payload,
    prompt: call?.prompt,
    answer: call?.answer,
    request: call?.request,
    response: call?.response,
    error: call?.error,
    args: row.args,
    said: row.said,
  };
  const safe = hidden(seen, personal);
  if (safe === seen) return row;
  const { prompt, answer, request, response, error, args, said } = safe;
  return {
    ...row,
    args,
    said,
    ...(trace && { trace: { ...trace, payload: { ...trace.payload, ...safe.payload } } }),
    ...(call && {
      call: {
        ...call,
        prompt: prompt ?? null,
        answer: answer ?? null,
        request: request ?? null,
        response: response ?? null,
        error: error ?? null,
      },
    }),
  };
}

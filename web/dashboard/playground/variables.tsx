import { api, type Schema } from "@client/api";
import { useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Input } from "@ui/field";
import { t } from "@ui/words";
import { RotateCcw } from "lucide-react";
import { useState } from "react";
import { documentQuery } from "../data/projects";
import { systemOf, useConversationState } from "./conversation-state";
import type { Talk } from "./use-conversation";
import { VariableRow } from "./variable-row";

type Declared = Schema<"Variable">;

/** The variables of the conversation: looked for, changed in place and reset; what the last turn changed is marked. */
export function Variables({ projectId, talk }: { readonly projectId: string; readonly talk: Talk }) {
  const [find, setFind] = useState("");
  const { pins, pin } = usePins(projectId);
  const { begun } = talk;
  const declared = useQuery(documentQuery(projectId)).data?.document.variables;
  const { data, variables, params, renew } = useConversationState(projectId, talk);
  if (!begun)
    return (
      <p className="p-4 text-dense text-text-2">
        {t("The conversation's variables show here once it has begun.")}
      </p>
    );
  const set = async (values: Readonly<Record<string, unknown>>) => {
    await api.PATCH("/api/v1/projects/{projectId}/conversations/{userId}/variables", {
      params,
      body: values as never,
    });
    await renew();
  };
  const values = variables ?? {};
  const known = new Map((declared ?? []).map(each => [each.name, each]));
  const changed = changedIn(talk);
  const names = [...new Set([...known.keys(), ...Object.keys(values)])]
    .filter(name => name.toLowerCase().includes(find.toLowerCase()))
    .toSorted((one, other) => Number(pins.includes(other)) - Number(pins.includes(one)));
  const system = Object.entries(systemOf(data))
    .map(([name, value]) => [`sys.${name}`, String(value)] as const)
    .filter(([name]) => name.toLowerCase().includes(find.toLowerCase()));
  return (
    <div className="flex flex-col gap-1 p-3">
      <div className="flex items-center gap-1 pb-1">
        <Input
          type="search"
          aria-label={t("Search variables")}
          placeholder={t("Search variables")}
          value={find}
          onChange={event => setFind(event.currentTarget.value)}
        />
        <Button
          dense
          look="quiet"
          icon={RotateCcw}
          onClick={() => set(Object.fromEntries([...known.values()].map(each => [each.name, startOf(each)])))}
        >
          {t("Reset all")}
        </Button>
      </div>
      {names.length + system.length === 0 && (
        <p className="text-dense text-text-2">
          {find ? t("No variable is called so.") : t("No variable has a value.")}
        </p>
      )}
      <ul className="flex flex-col">
        {names.map(name => {
          const variable = known.get(name);
          return (
            <VariableRow
              key={name}
              name={name}
              type={variable?.type ?? typeOf(values[name])}
              description={variable?.description ?? undefined}
              personal={variable?.pii === true}
              value={values[name]}
              changed={changed.get(name)}
              pinned={pins.includes(name)}
              onPin={() => pin(name)}
              onChange={value => set({ [name]: value })}
              onReset={variable && (() => set({ [name]: startOf(variable) }))}
            />
          );
        })}
      </ul>
      {system.length > 0 && (
        <dl aria-label={t("System variables")} className="flex flex-col text-text-3">
          {system.map(([name, value]) => (
            <div key={name} className="flex gap-2 py-0.5 font-mono text-caption">
              <dt className="shrink-0">{name}</dt>
              <dd className="min-w-0 flex-1 truncate text-end" title={value}>
                {value}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </div>
  );
}

/** What the last turn changed, each with its value before. */
function changedIn({ conversation }: Talk): ReadonlyMap<string, unknown> {
  const changed = new Map<string, unknown>();
  for (const { payload } of conversation.turns.at(-1)?.traces ?? []) {
    for (const [name, [before]] of Object.entries(
      (payload["changed"] ?? {}) as Record<string, [unknown, unknown]>,
    ))
      if (!changed.has(name)) changed.set(name, before);
  }
  return changed;
}

function typeOf(value: unknown): Declared["type"] {
  if (Array.isArray(value)) return "list";
  switch (typeof value) {
    case "number":
    case "boolean":
    case "object":
      return value === null ? "text" : (typeof value as Declared["type"]);
    default:
      return "text";
  }
}

/** What a variable begins a conversation with. */
function startOf(variable: Declared): unknown {
  return variable.default ?? null;
}

/** The names of variables that stand first, in this browser. */
function usePins(projectId: string) {
  const place = `conduet.pins.${projectId}`;
  const [pins, setPins] = useState<readonly string[]>(() =>
    (localStorage.getItem(place) ?? "").split(" ").filter(Boolean),
  );
  const pin = (name: string) => {
    const next = pins.includes(name) ? pins.filter(each => each !== name) : [...pins, name];
    setPins(next);
    localStorage.setItem(place, next.join(" "));
  };
  return { pins, pin };
}

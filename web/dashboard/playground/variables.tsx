import { api } from "@client/api";
import { useQueryClient } from "@tanstack/react-query";
import { Field, Input } from "@ui/field";
import { useEffect, useState } from "react";
import { useConversationState } from "./conversation-state";
import type { Talk } from "./use-conversation";

/** The variables of the conversation: looked for, changed in place, and marked where the last turn changed them. */
export function Variables({ projectId, talk }: { readonly projectId: string; readonly talk: Talk }) {
  const [find, setFind] = useState("");
  const client = useQueryClient();
  const { begun } = talk;
  const { data, queryKey, params } = useConversationState(projectId, talk);
  const variables = Object.entries(data ?? {});
  const last = talk.conversation.turns.at(-1);
  const changed = new Set(
    last?.traces.flatMap(trace => Object.keys((trace.payload["changed"] ?? {}) as object)),
  );
  const set = async (name: string, value: unknown) => {
    await api.PATCH("/api/v1/projects/{projectId}/conversations/{userId}/variables", {
      params,
      body: { [name]: value } as never,
    });
    await client.invalidateQueries({ queryKey });
  };
  if (!begun)
    return (
      <p className="p-4 text-dense text-text-2">The conversation's variables show here once it has begun.</p>
    );
  return (
    <div className="flex flex-col gap-2 p-3">
      <Input
        type="search"
        aria-label="Search variables"
        placeholder="Search variables"
        value={find}
        onChange={event => setFind(event.currentTarget.value)}
      />
      {variables.length === 0 && <p className="text-dense text-text-2">No variable has a value.</p>}
      {variables
        .filter(([name]) => name.toLowerCase().includes(find.toLowerCase()))
        .map(([name, value]) => (
          <Variable
            key={name}
            name={name}
            value={value}
            changed={changed.has(name)}
            onChange={next => void set(name, next)}
          />
        ))}
    </div>
  );
}

function Variable({
  name,
  value,
  changed,
  onChange,
}: {
  readonly name: string;
  readonly value: unknown;
  readonly changed: boolean;
  readonly onChange: (value: unknown) => void;
}) {
  const written = typeof value === "string" ? value : JSON.stringify(value);
  const [text, setText] = useState(written);
  useEffect(() => setText(written), [written]);
  return (
    <Field label={name} hint={changed ? "Changed in the last turn" : undefined} className="font-mono">
      <Input
        className="font-mono text-dense"
        value={text}
        onChange={event => setText(event.currentTarget.value)}
        onBlur={() => text !== written && onChange(read(text, value))}
      />
    </Field>
  );
}

/** The text as a value of the kind that was there. */
function read(text: string, before: unknown): unknown {
  if (typeof before === "string") return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

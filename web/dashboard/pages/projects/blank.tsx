import { ApiError } from "@client/api";
import { useWritten } from "@dashboard/written";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { makeBlank, NEW, type NewBlank, useCreate } from "./use-create";

const FRAMEWORKS = [
  {
    value: "conversation-flow",
    label: t("Conversation flow"),
    hint: t("Steps that you draw; a model answers where you let it"),
  },
  { value: "agentic", label: t("Agentic"), hint: t("A model leads, within phases, tools and limits") },
  { value: "outbound", label: t("Outbound"), hint: t("A pipeline that writes posts for people to approve") },
] as const;

/** A project with one workflow that only starts. */
export function Blank() {
  const [name, setName] = useWritten(`${NEW}/blank`, "");
  const [framework, setFramework] = useState<NewBlank["framework"]>("conversation-flow");
  const create = useCreate(makeBlank);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), framework });
  };
  const error =
    create.error instanceof ApiError
      ? (create.error.at("name") ?? create.error.message)
      : create.error?.message;
  return (
    <form onSubmit={submit} className="flex max-w-md flex-col gap-4">
      <Field label={t("Name")} error={error}>
        <Input
          value={name}
          onChange={event => setName(event.target.value)}
          maxLength={200}
          dir="auto"
          autoFocus
        />
      </Field>
      <Field label={t("Framework")} hint={t("How the agent decides what to do next. It stays as it is.")}>
        <Select value={framework} onChange={setFramework} options={FRAMEWORKS} />
      </Field>
      <Button
        look="primary"
        type="submit"
        busy={create.isPending}
        disabled={!name.trim()}
        className="self-start"
      >
        {t("Create project")}
      </Button>
    </form>
  );
}

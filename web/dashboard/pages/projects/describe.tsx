import { api } from "@client/api";
import { type ProjectDocument, templatesQuery } from "@dashboard/data/projects";
import { useWritten } from "@dashboard/written";
import { useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Field, Input, Textarea } from "@ui/field";
import { t } from "@ui/words";
import type { FormEvent } from "react";
import { tellOrigin } from "./origin";
import { NEW, useCreate } from "./use-create";

const EXAMPLE = t(
  "The front desk of a hair salon: takes bookings with day, time and stylist, tells prices, and hands over to a person when somebody is unhappy.",
);

/** A brief in plain language becomes a project that can be published as it is. */
export function Describe() {
  const [brief, setBrief] = useWritten(`${NEW}/brief`, "");
  const [name, setName] = useWritten(`${NEW}/described`, "");
  const client = useQueryClient();
  const create = useCreate(async (body: { brief: string; name: string | null }) => {
    const made = await api.POST("/api/v1/projects/generate", { body });
    const origin = made.response.headers.get("X-Generated-By") ?? "";
    tellOrigin(origin, await client.fetchQuery(templatesQuery).catch(() => []));
    return made.data as ProjectDocument;
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ brief, name: name.trim() || null });
  };
  return (
    <form onSubmit={submit} className="flex max-w-xl flex-col gap-4">
      <Field
        label={t("What should it do?")}
        hint={t("Who it talks to, what about, what it has to ask and do, and what it must not.")}
        error={create.error?.message}
      >
        <Textarea
          value={brief}
          placeholder={EXAMPLE}
          onChange={event => setBrief(event.target.value)}
          maxLength={20_000}
          rows={6}
          dir="auto"
        />
      </Field>
      <Field label={t("Name")} hint={t("Left empty, it gets one.")}>
        <Input value={name} onChange={event => setName(event.target.value)} maxLength={200} dir="auto" />
      </Field>
      <div className="flex items-center gap-3">
        <Button look="primary" type="submit" busy={create.isPending} disabled={!brief.trim()}>
          {t("Create project")}
        </Button>
        <p role="status" className="text-dense text-text-2">
          {create.isPending &&
            t("Planning, writing and checking it. With a model this takes up to a minute.")}
        </p>
      </div>
    </form>
  );
}

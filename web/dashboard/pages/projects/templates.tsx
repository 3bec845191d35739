import { Radio } from "@base-ui/react/radio";
import { RadioGroup } from "@base-ui/react/radio-group";
import { templatesQuery } from "@dashboard/data/projects";
import { useWritten } from "@dashboard/written";
import { useQuery } from "@tanstack/react-query";
import { Badge } from "@ui/badge";
import { Button } from "@ui/button";
import { Field, Input } from "@ui/field";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { t } from "@ui/words";
import { type FormEvent, useState } from "react";
import { FRAMEWORKS } from "./project-card";
import { makeFromTemplate, NEW, useCreate } from "./use-create";

const GRID = "grid grid-cols-[repeat(auto-fill,minmax(min(156px,100%),1fr))] gap-3";

/** Agents that run as they are, each with a picture of its flow. */
export function Templates() {
  const templates = useQuery(templatesQuery);
  const [chosen, setChosen] = useState<string>();
  const [name, setName] = useWritten(`${NEW}/template`, "");
  const create = useCreate(makeFromTemplate);
  const template = templates.data?.find(each => each.id === chosen) ?? templates.data?.[0];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (template) create.mutate({ templateId: template.id, name: name.trim() || null });
  };
  if (templates.isError) {
    return (
      <ErrorState
        title={t("Could not load the templates.")}
        error={templates.error}
        onRetry={() => templates.refetch()}
      />
    );
  }
  if (!templates.data) {
    return (
      <Loading what={t("templates")} className={GRID}>
        {["a", "b", "c", "d", "e", "f"].map(key => (
          <Skeleton key={key} className="h-52 rounded-card" />
        ))}
      </Loading>
    );
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <RadioGroup aria-label={t("Templates")} value={template?.id} onValueChange={setChosen} className={GRID}>
        {templates.data.map(each => (
          <Radio.Root
            key={each.id}
            value={each.id}
            aria-label={each.name}
            aria-description={each.description}
            className="flex flex-col overflow-hidden rounded-card border border-line bg-surface text-start hover:border-control data-[checked]:border-accent data-[checked]:ring-1 data-[checked]:ring-accent"
          >
            <Picture svg={each.picture} />
            <span className="flex flex-1 flex-col items-start gap-1 p-3">
              <span className="font-medium text-body text-text">{each.name}</span>
              <span className="line-clamp-2 text-caption text-text-2">{each.description}</span>
              <span className="mt-auto pt-1">
                <Badge>{FRAMEWORKS[each.framework] ?? each.framework}</Badge>
              </span>
            </span>
          </Radio.Root>
        ))}
      </RadioGroup>
      <div className="sticky -bottom-4 -mx-6 -mb-4 flex flex-wrap items-end gap-3 border-line border-t bg-raised px-6 py-3">
        <Field label={t("Name")} error={create.error?.message} className="min-w-48 flex-1">
          <Input
            value={name}
            placeholder={template?.name}
            onChange={event => setName(event.target.value)}
            maxLength={200}
            dir="auto"
          />
        </Field>
        <Button look="primary" type="submit" busy={create.isPending}>
          {t("Create project")}
        </Button>
      </div>
    </form>
  );
}

/** The picture is drawn in one colour: it is a stencil for ours. */
function Picture({ svg }: { readonly svg: string }) {
  const image = `url("data:image/svg+xml,${encodeURIComponent(svg)}")`;
  return (
    <span aria-hidden="true" className="block bg-sunken p-3 text-text-2">
      <span
        className="block aspect-[240/136] bg-current"
        style={{
          mask: t("%{image} center / contain no-repeat", { image }),
          WebkitMask: t("%{image} center / contain no-repeat", { image }),
        }}
      />
    </span>
  );
}

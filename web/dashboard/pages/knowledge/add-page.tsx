import { ApiError } from "@client/api";
import { useMutation } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { NumberInput } from "@ui/number-input";
import { Select } from "@ui/select";
import { t } from "@ui/words";
import { type FormEvent, useId, useState } from "react";
import { addPage, type CrawlMode, type NewPage, type Refresh } from "./data";

const MODES = [
  { value: "page", label: t("This page") },
  { value: "site", label: t("The site"), hint: t("The pages that it links to on the same host") },
  { value: "sitemap", label: t("A sitemap"), hint: t("The pages that the sitemap at this address lists") },
] as const;
const REFRESHES = [
  { value: "never", label: t("Never") },
  { value: "daily", label: t("Daily") },
  { value: "weekly", label: t("Weekly") },
] as const;

export interface AddPageProps {
  readonly projectId: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly onAdded: () => void;
}

/** A page of the web, or the pages of a site. */
export function AddPage({ projectId, open, onClose, onAdded }: AddPageProps) {
  const form = useId();
  const [page, setPage] = useState<NewPage>({
    url: "",
    mode: "page",
    depth: 2,
    maxPages: 200,
    refresh: "never",
  });
  const set = (change: Partial<NewPage>) => setPage(before => ({ ...before, ...change }));
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: () => addPage(projectId, page),
    onSuccess: () => {
      set({ url: "" });
      onAdded();
      onClose();
    },
  });
  const error = add.error instanceof ApiError ? (add.error.at("url") ?? add.error.message) : undefined;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={t("Read a page or a site")}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button look="primary" type="submit" form={form} busy={add.isPending} disabled={!page.url.trim()}>
            {t("Add address")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label={t("Address")} error={error}>
          <Input
            type="url"
            value={page.url}
            placeholder="https://example.com/help"
            onChange={event => set({ url: event.target.value.trim() })}
          />
        </Field>
        <Field label={t("What to read")}>
          <Select<CrawlMode> value={page.mode} onChange={mode => set({ mode })} options={MODES} />
        </Field>
        {page.mode !== "page" && (
          <div className="grid grid-cols-2 gap-4">
            {page.mode === "site" && (
              <Field label={t("Links away at most")}>
                <NumberInput
                  needed
                  step={1}
                  min={0}
                  max={10}
                  value={page.depth}
                  onChange={depth => depth !== undefined && set({ depth })}
                />
              </Field>
            )}
            <Field label={t("Pages at most")}>
              <NumberInput
                needed
                step={1}
                min={1}
                max={1000}
                value={page.maxPages}
                onChange={maxPages => maxPages !== undefined && set({ maxPages })}
              />
            </Field>
          </div>
        )}
        <Field label={t("Look again for changes")}>
          <Select<Refresh> value={page.refresh} onChange={refresh => set({ refresh })} options={REFRESHES} />
        </Field>
      </form>
    </Dialog>
  );
}

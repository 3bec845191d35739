import type { ModelUse } from "@dashboard/data/analytics";
import { type Column, Table } from "@ui/table";
import { count } from "@ui/time";
import { t } from "@ui/words";
import { dollars } from "./amounts";

/** What each model took. */
export function Models({ models }: { readonly models: readonly ModelUse[] }) {
  return (
    <section aria-labelledby="by-model" className="flex flex-col gap-3">
      <h2 id="by-model" className="font-semibold text-lead">
        {t("By model")}
      </h2>
      {models.length > 0 ? (
        <Table label={t("By model")} rows={models} columns={COLUMNS} rowKey={each => each.model} />
      ) : (
        <p className="text-body text-text-2">{t("No model was called in this time.")}</p>
      )}
    </section>
  );
}

const COLUMNS: Column<ModelUse>[] = [
  {
    id: "model",
    title: t("Model"),
    cell: each => (
      <span title={each.model} className="font-medium">
        {each.model}
      </span>
    ),
  },
  { id: "calls", title: t("Calls"), width: "80px", align: "end", cell: each => count(each.modelCalls) },
  { id: "failed", title: t("Failed"), width: "72px", align: "end", cell: each => count(each.failedCalls) },
  {
    id: "input",
    title: t("Tokens read"),
    width: "112px",
    align: "end",
    minor: true,
    cell: each => count(each.inputTokens),
  },
  {
    id: "output",
    title: t("Tokens written"),
    width: "112px",
    align: "end",
    minor: true,
    cell: each => count(each.outputTokens),
  },
  {
    id: "cost",
    title: t("Cost"),
    width: "96px",
    align: "end",
    cell: each => (each.unpricedCalls > 0 && each.costUsd === 0 ? "–" : dollars(each.costUsd)),
  },
];

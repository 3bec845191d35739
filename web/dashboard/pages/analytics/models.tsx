import type { ModelUse } from "@dashboard/data/analytics";
import { type Column, Table } from "@ui/table";
import { count } from "@ui/time";
import { dollars } from "./amounts";

/** What each model took. */
export function Models({ models }: { readonly models: readonly ModelUse[] }) {
  return (
    <section aria-labelledby="by-model" className="flex flex-col gap-3">
      <h2 id="by-model" className="font-semibold text-lead">
        By model
      </h2>
      {models.length > 0 ? (
        <Table label="By model" rows={models} columns={COLUMNS} rowKey={each => each.model} />
      ) : (
        <p className="text-body text-text-2">No model was called in this time.</p>
      )}
    </section>
  );
}

const COLUMNS: Column<ModelUse>[] = [
  {
    id: "model",
    title: "Model",
    cell: each => (
      <span title={each.model} className="font-medium">
        {each.model}
      </span>
    ),
  },
  { id: "calls", title: "Calls", width: "80px", align: "end", cell: each => count(each.modelCalls) },
  { id: "failed", title: "Failed", width: "72px", align: "end", cell: each => count(each.failedCalls) },
  {
    id: "input",
    title: "Tokens read",
    width: "112px",
    align: "end",
    minor: true,
    cell: each => count(each.inputTokens),
  },
  {
    id: "output",
    title: "Tokens written",
    width: "112px",
    align: "end",
    minor: true,
    cell: each => count(each.outputTokens),
  },
  {
    id: "cost",
    title: "Cost",
    width: "96px",
    align: "end",
    cell: each => (each.unpricedCalls > 0 && each.costUsd === 0 ? "–" : dollars(each.costUsd)),
  },
];

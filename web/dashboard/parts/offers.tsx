import { api, sent } from "@client/api";
import { equal } from "@dashboard/editing/merge";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Select } from "@ui/select";
import { ErrorState, Loading, SkeletonRows } from "@ui/states";
import { counted } from "@ui/time";
import { t } from "@ui/words";
import { Pin, RefreshCw } from "lucide-react";
import { useState } from "react";
import type { PartFormProps } from "./form";
import type { Tool } from "./kinds";
import { OfferRow } from "./offer-row";
import {
  addressOf,
  allow,
  allowOnly,
  configOf,
  forget,
  type Offered,
  pin,
  rowsOf,
  seenOf,
  stateOf,
  unpin,
} from "./offered";

/** What the server told when it was asked at an address. */
const offersQuery = (projectId: string, toolId: string, asked: unknown) =>
  queryOptions({
    queryKey: ["offers", projectId, toolId, asked],
    queryFn: ({ signal }) =>
      sent(
        api.GET("/api/v1/projects/{projectId}/tools/{toolId}/offers", {
          params: { path: { projectId, toolId } },
          signal,
        }),
      ),
    // A server is asked when somebody opens the tool or wants to know, and else is left alone.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
  });

/** The tools of an MCP server: which of them may be used, and what each was when somebody looked at it. */
export function Offers({ editor, part, errors, path, onChange }: PartFormProps<Tool>) {
  const projectId = editor(state => state.projectId);
  const saved = editor(state => state.saved.tools.find(each => each.id === part.id));
  const config = configOf(part);
  const address = addressOf(part);
  const isSaved = saved !== undefined && equal(addressOf(saved), address);
  const [asked, setAsked] = useState<unknown>(config.url && isSaved ? address : undefined);
  const current = asked !== undefined && equal(asked, address);
  const query = useQuery({ ...offersQuery(projectId, part.id, asked), enabled: current });
  const listing = current ? query.data : undefined;
  const offers: readonly Offered[] = listing?.tools ?? [];
  const rows = rowsOf(config, offers);
  const change = (next: Tool["config"], field: string) => onChange({ ...part, config: next }, field);
  const loose = offers.filter(each => {
    const { allowed } = stateOf(config, each.name, each);
    return allowed && !config.pins[each.name];
  });
  const problem = query.error ?? (listing?.problem ? { message: listing.problem } : undefined);
  return (
    <section aria-label={t("Tools of the server")} className="flex flex-col gap-3 border-line border-t pt-4">
      <div className="flex flex-wrap items-center gap-2">
        <h3 className="me-auto font-semibold text-dense">{t("Tools of the server")}</h3>
        {loose.length > 0 && (
          <Button dense icon={Pin} onClick={() => change(pin(part, loose), "pins")}>
            {t("Pin %{tools}", { tools: counted(loose.length, "tool") })}
          </Button>
        )}
        {config.url && (
          <Button
            dense
            icon={RefreshCw}
            busy={current && query.isFetching}
            disabled={!isSaved}
            onClick={() => (current ? void query.refetch() : setAsked(address))}
          >
            {current ? t("Ask the server again") : t("Ask the server")}
          </Button>
        )}
      </div>
      <p className="text-dense text-text-2">
        {t(
          "What a tool says of itself steers the model. Read it, then pin it: a tool that has changed since is not used.",
        )}
      </p>
      {rows.length > 0 && (
        <Select
          label={t("Which may be used")}
          value={config.tools.length > 0 ? "some" : "all"}
          onChange={next => change(next === "all" ? allowOnly(part, []) : allowOnly(part, rows), "tools")}
          options={[
            { value: "all", label: t("All, also those that come later") },
            { value: "some", label: t("Only those that are allowed here") },
          ]}
        />
      )}
      {current && query.isPending && (
        <Loading what={t("the tools of the server")}>
          <SkeletonRows rows={3} className="h-20" />
        </Loading>
      )}
      {current && !query.isFetching && problem && (
        <ErrorState
          title={t("The server's tools could not be listed.")}
          error={problem}
          safe={t("What is allowed and pinned stays as it is.")}
          onRetry={() => void query.refetch()}
        />
      )}
      <p role="status" className="text-caption text-text-2 empty:hidden">
        {!config.url && t("Its tools are listed here once it has an address.")}
        {config.url && !current && t("The server has not been asked at this address yet.")}
        {listing &&
          !problem &&
          (offers.length > 0 ? counted(offers.length, "tool") : t("The server has no tools."))}
      </p>
      <ul className="flex flex-col gap-2">
        {rows.map(name => {
          const offer = offers.find(each => each.name === name);
          return (
            <OfferRow
              key={name}
              name={name}
              offer={offer}
              listed={listing !== undefined && !problem}
              state={stateOf(config, name, offer)}
              seen={seenOf(config, name)}
              error={errors.get(`${path}.config.pins.${name}`)}
              onAllow={allowed => change(allow(part, rows, name, allowed), "tools")}
              onPin={offer && (() => change(pin(part, [offer]), "pins"))}
              onUnpin={() => change(unpin(part, name), "pins")}
              onForget={() => change(forget(part, name), "tools")}
            />
          );
        })}
      </ul>
    </section>
  );
}

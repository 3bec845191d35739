import { useQuery } from "@tanstack/react-query";
import { t } from "@ui/words";
import { useMemo } from "react";
import { schemaQuery } from "../data/schema";

/** What shows a conversation as this page does. */
export const WEB = "web";

/** The channels that a conversation can be looked at as. */
export function useLenses(): readonly { readonly value: string; readonly label: string }[] {
  const { data } = useQuery(schemaQuery);
  return useMemo(
    () => [
      { value: WEB, label: t("Web") },
      ...(data?.channels ?? [])
        // A webhook passes on the traces as they are.
        .filter(({ type }) => type !== WEB && type !== "webhook")
        .map(({ type, title }) => ({ value: type, label: title })),
    ],
    [data],
  );
}

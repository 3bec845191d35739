import { csrfHeaders, errorOf } from "@client/api";
import { projectsQuery } from "@dashboard/data/projects";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { create } from "zustand";

interface Place {
  readonly workflow: string;
  readonly block?: string;
}

export interface ReportedStep {
  readonly id: string;
  readonly type: string;
  readonly name: string;
  readonly place: Place;
  readonly to?: string;
  readonly reason?: string;
}

/** What an import answers; its shape is not in the API's description. */
export interface Imported {
  readonly project: { readonly id: string; readonly name: string };
  readonly report: {
    readonly source: { readonly format: string; readonly version?: string };
    readonly counts: {
      readonly steps: number;
      readonly mapped: number;
      readonly approximated: number;
      readonly dropped: number;
    };
    readonly approximated: readonly ReportedStep[];
    readonly dropped: readonly ReportedStep[];
    readonly warnings: readonly string[];
  };
}

/** The last import: a file may be dropped before the dialog that tells of it is there. */
const useTold = create<{ readonly told: Imported | undefined }>(() => ({ told: undefined }));

export function forgetImport(): void {
  useTold.setState({ told: undefined });
}

export function useImport() {
  const queryClient = useQueryClient();
  const told = useTold(state => state.told);
  const { mutate, isPending, error } = useMutation({
    mutationKey: ["import"],
    meta: { quiet: true },
    mutationFn: async (file: File): Promise<Imported> => {
      const body = new FormData();
      body.append("file", file);
      const response = await fetch("/api/v1/projects/import", {
        method: "POST",
        body,
        headers: csrfHeaders(),
      });
      if (!response.ok) throw await errorOf(response);
      return response.json();
    },
    onSuccess: imported => {
      useTold.setState({ told: imported });
      return queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
    },
  });
  return { take: mutate, told, isPending, error };
}

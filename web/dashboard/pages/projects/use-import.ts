import { csrfHeaders, errorOf, type Schema } from "@client/api";
import { projectsQuery } from "@dashboard/data/projects";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { create } from "zustand";
import { flawOf } from "./flaw-of";

export type Imported = Schema<"ImportedProject">;

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
      if (!response.ok) {
        const error = await errorOf(response);
        const flaw = error.status === 400 ? flawOf(file.name, await file.text()) : undefined;
        throw flaw ? new Error(flaw) : error;
      }
      return response.json();
    },
    onSuccess: imported => {
      useTold.setState({ told: imported });
      return queryClient.invalidateQueries({ queryKey: projectsQuery.queryKey });
    },
  });
  return { take: mutate, told, isPending, error };
}

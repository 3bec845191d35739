import { api } from "@client/api";
import { type ProjectDocument, projectsQuery } from "@dashboard/data/projects";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input } from "@ui/field";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type FormEvent, useId, useState } from "react";

/** What cannot be taken back: one types the project's name. */
export function Danger({ document }: { readonly document: ProjectDocument }) {
  const id = useId();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const name = document.name ?? "";
  const remove = useMutation({
    mutationFn: () =>
      api.DELETE("/api/v1/projects/{projectId}", { params: { path: { projectId: document.id } } }),
    onSuccess: () => {
      queryClient.setQueryData(projectsQuery.queryKey, all => all?.filter(each => each.id !== document.id));
      toast(t("%{name} deleted", { name }));
      return navigate({ to: "/" });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed === name) remove.mutate();
  };
  return (
    <section
      aria-labelledby={`${id}-title`}
      className="flex flex-col items-start gap-3 rounded-card border border-bad p-4"
    >
      <h2 id={`${id}-title`} className="font-semibold text-lead">
        {t("Delete project")}
      </h2>
      <p className="text-body text-text-2">
        {t(
          "With its versions, conversations, documents and keys. Whoever talks to it is told that it is gone.",
        )}
      </p>
      <Button look="danger" onClick={() => setOpen(true)}>
        {t("Delete project")}
      </Button>
      <Dialog
        open={open}
        onClose={() => setOpen(false)}
        title={t("Delete %{name}?", { name })}
        description={t("This cannot be undone.")}
        actions={
          <>
            <Button onClick={() => setOpen(false)}>{t("Keep project")}</Button>
            <Button look="danger" type="submit" form={id} busy={remove.isPending} disabled={typed !== name}>
              {t("Delete project")}
            </Button>
          </>
        }
      >
        <form id={id} onSubmit={submit}>
          <Field label={t("Type %{name}", { name })}>
            <Input
              value={typed}
              onChange={event => setTyped(event.target.value)}
              autoComplete="off"
              dir="auto"
            />
          </Field>
        </form>
      </Dialog>
    </section>
  );
}

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Button } from "@ui/button";
import { Dialog } from "@ui/dialog";
import { Field, Input, Textarea } from "@ui/field";
import { ErrorState, Loading, Skeleton } from "@ui/states";
import { counted } from "@ui/time";
import { toast } from "@ui/toast";
import { t } from "@ui/words";
import { type FormEvent, useId, useState } from "react";
import { Changes } from "./changes";
import { problemsQuery, publish, testRunQuery, unpublishedQuery } from "./data";

/** What a version would change, what stands against it, and its name. Red tests need a second press; errors forbid it. */
export default function PublishDialog({
  projectId,
  saving,
  refused,
  onClose,
}: {
  readonly projectId: string;
  readonly saving: boolean;
  /** Why the last edit could not be saved. */
  readonly refused: string | undefined;
  readonly onClose: () => void;
}) {
  const form = useId();
  const queryClient = useQueryClient();
  const [name, setName] = useState("");
  const [note, setNote] = useState("");
  const [pressed, setPressed] = useState(false);
  // What is looked at is what will be published: the draft with the last edit in it.
  const enabled = !saving;
  const unpublished = useQuery({ ...unpublishedQuery(projectId), enabled });
  const problems = useQuery({ ...problemsQuery(projectId), enabled });
  const tests = useQuery({ ...testRunQuery(projectId), enabled });
  const errors = problems.data?.filter(problem => problem.severity === "error") ?? [];
  const red = tests.data?.filter(test => !test.ok && !test.skipped) ?? [];
  const act = useMutation({
    meta: { quiet: true },
    mutationFn: () => publish(projectId, { name: name.trim() || null, note: note.trim() || null }),
    onSuccess: async version => {
      toast(t("%{name} is published", { name: version.name }));
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["project", projectId] });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Whoever did not see it is told first.
    if (red.length > 0 && !pressed) setPressed(true);
    else act.mutate();
  };
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={t("Publish version")}
      description={t(
        "What people talk to changes at once. A version never changes, and an earlier one can be put back.",
      )}
      actions={
        <>
          <Button onClick={onClose}>{t("Cancel")}</Button>
          <Button
            look={pressed ? "danger" : "primary"}
            type="submit"
            form={form}
            busy={act.isPending || (!refused && (saving || tests.isPending))}
            disabled={errors.length > 0 || refused !== undefined}
          >
            {pressed ? t("Publish all the same") : t("Publish version")}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        {errors.length > 0 && (
          <section aria-labelledby={`${form}-errors`} className="rounded-control bg-bad-soft p-3 text-bad">
            <h3 id={`${form}-errors`} className="font-medium text-body">
              {t("%{errors} to mend first", { errors: counted(errors.length, "error") })}
            </h3>
            <ul className="mt-1 list-disc ps-5 text-dense">
              {errors.map(problem => (
                <li key={`${problem.path}${problem.code}`}>
                  {problem.message} {problem.fix}
                </li>
              ))}
            </ul>
          </section>
        )}
        <div role="status">
          {refused && (
            <p className="text-dense text-bad">
              {t("The last changes are not saved: %{refused} Mend them first.", { refused })}
            </p>
          )}
          {saving && !refused && (
            <p className="text-dense text-text-2">{t("Waiting for the last changes to be saved.")}</p>
          )}
          {!saving && tests.isPending && (
            <p className="text-dense text-text-2">{t("Running the conversation tests…")}</p>
          )}
          {tests.isError && (
            <p className="text-dense text-warn">
              {t("The conversation tests could not run: %{message}", { message: tests.error.message })}
            </p>
          )}
          {red.length > 0 && (
            <div className="rounded-control bg-warn-soft p-3 text-warn">
              <p className="font-medium text-body">
                {t("%{red} of %{value} not as expected", {
                  red: red.length,
                  value: counted(tests.data?.length ?? 0, "test"),
                })}
                {pressed && t(". Press once more to publish it all the same.")}
              </p>
              <ul className="mt-1 list-disc ps-5 text-dense">
                {red.map(test => (
                  <li key={test.id}>
                    {t("%{name}: expected %{expected}, got %{got}", {
                      name: test.name,
                      expected: test.expected,
                      got: test.got,
                    })}
                  </li>
                ))}
              </ul>
            </div>
          )}
          {tests.data && tests.data.length > 0 && red.length === 0 && (
            <p className="text-dense text-ok">
              {t("%{data} as expected.", { data: counted(tests.data.length, "test") })}
            </p>
          )}
        </div>
        <form id={form} onSubmit={submit} className="flex flex-col gap-4">
          <Field label={t("Name")} error={act.error?.message}>
            <Input
              value={name}
              placeholder={t("Given if left empty")}
              onChange={event => setName(event.target.value)}
              maxLength={200}
              dir="auto"
              autoFocus
            />
          </Field>
          <Field label={t("Note")} hint={t("Why it was made, for whoever reads the history.")}>
            <Textarea value={note} onChange={event => setNote(event.target.value)} rows={2} dir="auto" />
          </Field>
        </form>
        <section aria-label={t("Changes")} className="border-line border-t pt-4">
          {refused && (
            <p className="text-text-2">{t("What is different is shown once the last changes are saved.")}</p>
          )}
          {unpublished.isPending && !refused && (
            <Loading what={t("changes")}>
              <Skeleton className="h-24" />
            </Loading>
          )}
          {unpublished.isError && (
            <ErrorState
              title={t("Could not compare the draft.")}
              safe={t("It can be published all the same.")}
              error={unpublished.error}
              onRetry={() => unpublished.refetch()}
            />
          )}
          {unpublished.data === null && (
            <p className="text-text-2">{t("Nothing is published yet: this is the first version.")}</p>
          )}
          {unpublished.data && <Changes comparison={unpublished.data} />}
        </section>
      </div>
    </Dialog>
  );
}
